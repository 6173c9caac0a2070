using Lifeboat.Capture.Modules;

namespace Lifeboat.Capture.Tests.Modules;

public sealed class ModuleOptionsTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void A_module_gets_those_of_all_files_in_the_order_of_their_names()
    {
        _root.Write("usr/lib/modprobe.d/b.conf", "options card c=3\n");
        _root.Write("etc/modprobe.d/a.conf", "options card a=1 b=2\noptions other x=1\n");
        Assert.Equal("a=1 b=2 c=3", Of("card"));
        Assert.Equal("", Of("third"));
    }

    [Fact]
    public void A_file_hides_those_of_its_name_in_the_folders_after_its_own()
    {
        _root.Write("usr/lib/modprobe.d/card.conf", "options card by=distribution\n");
        _root.Write("lib/modprobe.d/card.conf", "options card by=older\n");
        _root.Write("run/modprobe.d/card.conf", "options card by=program\n");
        _root.Write("etc/modprobe.d/card.conf", "# by nobody\n");
        _root.Write("etc/modprobe.d/card.conf.bak", "options card by=backup\n");
        Assert.Equal("", Of("card"));
    }

    [Fact]
    public void A_machine_without_any_has_none() => Assert.Equal("", Of("card"));

    [Fact]
    public void What_the_settings_say_comes_behind_what_the_machine_says()
    {
        _root.Write("etc/modprobe.d/card.conf", "options card a=1\n");
        Assert.Equal("a=1 a=2", ModuleOptions.Read(_root.Path, ["card a=2", "other b=1"]).For(new ModuleName("card")));
        Assert.Equal("b=1", ModuleOptions.Read(root: null, ["card a=2", "two-words b=1"]).For(new ModuleName("two_words")));
    }

    [Fact]
    public void Modprobe_reads_the_same()
    {
        _root.Write("etc/modprobe.d/20.conf",
            """
            # options commented out=1
              options  two-words	a=1   b="x y"
            options long one=1 \
                two=2
            options two_words c=3
            options empty
            optionsX card a=1
            alias eth0 card
            blacklist card
            install card /bin/true
            options card debug
            """);
        _root.Write("etc/modprobe.d/10.conf", "options card first=1");
        string folder = _root.Combine("etc/modprobe.d");
        string[] said = Oracle.Run("modprobe", [], "-C", folder, "-c").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (string module in (string[])["two_words", "long", "empty", "card", "commented"])
        {
            string prefix = $"options {module} ";
            Assert.Equal(string.Join(' ', said.Where(line => line.StartsWith(prefix, StringComparison.Ordinal)).Select(line => Words(line[prefix.Length..]))), Words(Of(module)));
        }
    }

    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private string Of(string module) => ModuleOptions.Read(_root.Path, []).For(new ModuleName(module));
}
