using System.Text.Json;
using Lifeboat.Cli.Output;
using Lifeboat.Cli.Verbs;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Kexec.Entries;
using Lifeboat.TestSupport;

namespace Lifeboat.Cli.Tests.Verbs;

public sealed class BootChoiceTests : IDisposable
{
    private const string Menu = """
        set default=one
        menuentry 'Linux one' --id one {
          linux /vmlinuz root=/dev/vda1 quiet
          initrd /ucode.img /initrd.img
        }
        menuentry 'Linux gone' --id gone { linux /vmlinuz-gone; }
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _messages = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_list_shows_what_each_entry_starts_and_which_is_next()
    {
        string root = Machine(Menu);
        Assert.Equal(ExitCode.Success, BootChoice.List(Terminal(), json: false, root));
        Assert.Equal(
            """
            Next: Linux one (grub's default is one)

            -> Linux one
                 id         one
                 kernel     /boot/vmlinuz
                 ramdisk    /boot/ucode.img
                 ramdisk    /boot/initrd.img
                 arguments  root=/dev/vda1 quiet
                 from       /boot/grub/grub.cfg:3

               Linux gone
                 id         gone
                 from       /boot/grub/grub.cfg:6
                 problem    The kernel is not found: /vmlinuz-gone is not there

            """,
            _output.ToString());
    }

    [Fact]
    public void The_JSON_has_the_same()
    {
        Assert.Equal(ExitCode.Success, BootChoice.List(Terminal(), json: true, Machine(Menu)));
        using JsonDocument document = JsonDocument.Parse(_output.ToString());
        Assert.Equal("grub", document.RootElement.GetProperty("loader").GetString());
        Assert.Equal("one", document.RootElement.GetProperty("next").GetString());
        JsonElement entry = document.RootElement.GetProperty("entries")[0];
        Assert.True(entry.GetProperty("isNext").GetBoolean());
        Assert.Equal(2, entry.GetProperty("ramdisks").GetArrayLength());
        Assert.False(document.RootElement.GetProperty("entries")[1].GetProperty("isBootable").GetBoolean());
    }

    [Fact]
    public void The_same_entry_is_said_and_given()
    {
        BootEntry entry = BootChoice.Same(Terminal(), Machine(Menu));
        Assert.Equal("/boot/vmlinuz", entry.Kernel);
        Assert.Contains("next entry is Linux one (grub's default is one)", _messages.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_started_is_refused_and_listed_with_an_exit_code_of_its_own()
    {
        string root = Machine(Menu.Replace("default=one", "default=gone", StringComparison.Ordinal));
        Assert.Equal(ExitCode.BadInput, BootChoice.List(Terminal(), json: false, root));
        Assert.Contains(
            "vmlinuz-gone", Assert.Throws<DiagnosticException>(() => BootChoice.Same(Terminal(), root)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_without_a_boot_loader_is_told_so()
    {
        Assert.Equal(ExitCode.BadInput, BootChoice.List(Terminal(), json: false, _folder.Path));
        Assert.StartsWith("Which entry is next is not known.", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_title_does_not_drive_the_terminal()
    {
        BootChoice.List(Terminal(), json: false, Machine(Menu.Replace("Linux one", "Linux \e[31mone", StringComparison.Ordinal)));
        Assert.DoesNotContain('\e', _output.ToString());
    }

    private string Machine(string menu)
    {
        Directory.CreateDirectory(_folder.Combine("boot/grub"));
        File.WriteAllText(_folder.Combine("boot/grub/grub.cfg"), menu);
        foreach (string file in (string[])["vmlinuz", "ucode.img", "initrd.img"])
        {
            File.WriteAllText(_folder.Combine($"boot/{file}"), "x");
        }

        return _folder.Path;
    }

    private Terminal Terminal() => new(_output, _messages, outputIsColoured: false, errorIsColoured: false);
}
