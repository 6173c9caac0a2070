using Lifeboat.Kexec.Entries;
using Lifeboat.Kexec.Tests.Support;

namespace Lifeboat.Kexec.Tests.Entries.Grub;

/// <summary>What of grub's language is evaluated, and what is named instead of guessed.</summary>
public sealed class GrubLanguageTests
{
    [Theory]
    [InlineData("""linux /vmlinuz a'b c'd "e $x f" \$g h\ i""", "\"ab cd\" \"e  f\" $g \"h i\"")]
    [InlineData("set x='1 2'\n linux /vmlinuz $x \"$x\" ${x}3", "1 2 \"1 2\" 1 23")]
    [InlineData("x=y; linux /vmlinuz a${x}b \"\" $none end", "ayb  end")]
    [InlineData("linux /vmlinuz a # comment\n", "a")]
    [InlineData("linux /vmlinuz a \\\n b", "a b")]
    [InlineData("linux /vmlinuz a#b", "a#b")]
    [InlineData("function f { set y=\"$1-$2-$#\"; }\n f p q\n linux /vmlinuz $y $1", "p-q-2 Test")]
    [InlineData("for i in a b c; do set l=\"$l$i\"; done; linux /vmlinuz $l", "abc")]
    [InlineData("if false; then linux /vmlinuz a; elif ! false; then linux /vmlinuz b; else linux /vmlinuz c; fi", "b")]
    [InlineData("if [ 1 = 1 -a 2 -lt 1 -o -n x ]; then linux /vmlinuz yes; fi", "yes")]
    [InlineData("if [ ! ( 1 = 2 -o -z x ) ]; then linux /vmlinuz yes; fi", "yes")]
    [InlineData("if [ -f /none -o -s /vmlinuz ]; then linux /vmlinuz yes; fi", "yes")]
    [InlineData("if test -d /vmlinuz; then linux /vmlinuz no; else linux /vmlinuz yes; fi", "yes")]
    [InlineData("if keystatus --shift; then set t=1; fi; linux /vmlinuz same", "same")]
    [InlineData("linux16 /vmlinuz a", "a")]
    public void Commands_are_evaluated(string body, string arguments) =>
        Assert.Equal(arguments, Next($"menuentry Test {{\n{body}\n}}").RequireNext().CommandLine);

    [Theory]
    [InlineData("menuentry a { if keystatus --shift; then linux /vmlinuz x; else linux /vmlinuz y; fi; }", "keystatus")]
    [InlineData("menuentry a { probe --set=u --fs-uuid $root; linux /vmlinuz root=UUID=$u; }", "probe")]
    [InlineData("menuentry a { regexp --set=1:v '(.*)' x; linux /vmlinuz $v; }", "regexp")]
    [InlineData("menuentry a { linux /vmlinuz $cmdpath; }", "cmdpath")]
    [InlineData("menuentry a { xen_hypervisor /xen; xen_module /vmlinuz; }", "xen_hypervisor")]
    [InlineData("menuentry a { chainloader (hd0,1)/EFI/Microsoft/Boot/bootmgfw.efi; }", "bootmgfw.efi")]
    [InlineData("menuentry a { linux /vmlinuz; initrd newc:x:/vmlinuz; }", "newc:")]
    [InlineData("menuentry a { linux /../vmlinuz; }", "/../vmlinuz")]
    [InlineData("menuentry a { linux (x; }", "(x is no path")]
    [InlineData("menuentry a { while true; do linux /vmlinuz; done; }", "loops")]
    [InlineData("if keystatus; then set default=1; fi\n menuentry a { linux /vmlinuz; }\n menuentry b { linux /vmlinuz; }", "keystatus")]
    [InlineData("if keystatus; then menuentry a { linux /vmlinuz; }; fi\n menuentry b { linux /vmlinuz; }", "keystatus")]
    [InlineData("menuentry a { linux /vmlinuz; }\n configfile /x", "configfile")]
    [InlineData("menuentry a { linux /vmlinuz; }\n eval \"set default=1\"", "eval")]
    [InlineData("read default\n menuentry a { linux /vmlinuz; }", "read")]
    [InlineData("menuentry a { linux /vmlinuz; }\n source (hd0,1)/x.cfg", "hd0,1")]
    public void What_is_not_evaluated_is_named(string script, string name)
    {
        BootEntryList list = Next(script);
        string message = Assert.Throws<Core.Diagnostics.DiagnosticException>(() => list.RequireNext()).Message;
        Assert.Contains(name, message, StringComparison.Ordinal);
        Assert.Contains("/boot/grub/grub.cfg", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_doubt_reaches_only_what_hangs_on_it()
    {
        BootEntryList list = Next("""
            set default=sure
            if keystatus; then menuentry a { linux /vmlinuz; }; fi
            menuentry b --id sure { linux /vmlinuz ok; }
            """);
        Assert.Equal("ok", list.RequireNext().CommandLine);
    }

    [Theory]
    [InlineData("menuentry 'a { linux /vmlinuz }", "not closed")]
    [InlineData("menuentry a { linux /vmlinuz", "a block ends")]
    [InlineData("menuentry a { linux /vmlinuz } }", "stands for no block")]
    [InlineData("menuentry; if true; then", "'fi'")]
    [InlineData("menuentry; fi", "'fi' is out of place")]
    [InlineData("menuentry; true && false", "'&'")]
    [InlineData("menuentry; for x; do true; done", "for without a list")]
    [InlineData("menuentry; function { true; }", "function without a name")]
    public void What_is_not_of_the_language_is_named_with_its_line(string script, string what)
    {
        BootEntryList list = Next("\n" + script);
        Assert.Null(list.Next);
        string problem = Assert.Single(list.Problems).ToString();
        Assert.Contains(what, problem, StringComparison.Ordinal);
        Assert.Contains("grub.cfg:2", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("menuentry; function f { f; }\n f")]
    [InlineData("menuentry; source /boot/grub/grub.cfg")]
    public void What_calls_itself_ends(string script)
    {
        BootEntryList list = Next(script);
        Assert.Contains("longer or deeper", Assert.Single(list.Problems).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_that_double_end()
    {
        string doubling = string.Concat(Enumerable.Repeat("set x=\"$x$x\"\n", 64));
        Assert.Contains("longer than", Assert.Single(Next("set x=menuentry\n" + doubling).Problems).What, StringComparison.Ordinal);
        string loops = string.Concat(Enumerable.Range(0, 20).Select(i => $"for v{i} in a b c d e f g h i j; do "))
            + "true; " + string.Concat(Enumerable.Repeat("done; ", 20));
        Assert.NotEmpty(Next("menuentry\n" + loops).Problems);
    }

    [Fact]
    public void Deep_nesting_ends()
    {
        string deep = string.Concat(Enumerable.Repeat("if true; then ", 5000));
        Assert.Contains("blocks deep", Assert.Single(Next("menuentry\n" + deep).Problems).What, StringComparison.Ordinal);
        string elif = "if false; then true; " + string.Concat(Enumerable.Repeat("elif false; then true; ", 5000)) + "fi";
        Assert.NotEmpty(Next("menuentry\n" + elif).Problems);
    }

    [Fact]
    public void Mutations_never_fail_otherwise_than_by_saying_so()
    {
        var random = new Random(5);
        byte[] original = System.Text.Encoding.UTF8.GetBytes(GrubScripts.Debian("1>1"));
        using var tree = new BootTree();
        tree.Mount(bootIsOwn: false);
        tree.Touch("boot/vmlinuz-6.1.0-56-amd64", "boot/initrd.img-6.1.0-56-amd64");
        const string Interesting = "{}'\"\\$;\n#<>&|[]()=/.\0 ";
        for (int round = 0; round < 400; round++)
        {
            byte[] bytes = [.. original];
            for (int change = 0; change < 1 + (round % 8); change++)
            {
                bytes[random.Next(bytes.Length)] = (byte)(random.Next(2) == 0 ? random.Next(256) : Interesting[random.Next(Interesting.Length)]);
            }

            tree.Write("boot/grub/grub.cfg", bytes[..(round % 5 == 0 ? random.Next(bytes.Length) : bytes.Length)]);
            BootEntryList list = tree.Find();
            Assert.True(list.Next is not null || list.Problems.Count > 0);
            Assert.Equal(list.Next is null, list.Why is null);
            Assert.All(list.Entries, entry => Assert.True(entry.IsBootable || entry.Problems.Count > 0));
        }
    }

    private static BootEntryList Next(string script)
    {
        using var tree = new BootTree();
        tree.Write("boot/grub/grub.cfg", script);
        tree.Touch("vmlinuz");
        return tree.Find();
    }
}
