using Lifeboat.Kexec.Entries;
using Lifeboat.Kexec.Tests.Support;

namespace Lifeboat.Kexec.Tests.Entries.Loader;

public sealed class SystemdBootTests
{
    [Fact]
    public void Entry_files_are_sorted_newest_first_and_their_options_joined()
    {
        using BootTree tree = Arch();
        BootEntryList list = tree.Find();
        Assert.Equal("systemd-boot", list.Loader);
        Assert.Equal(["b-6.12.10.conf", "b-6.12.9.conf", "a-old.conf"], list.Entries.Select(entry => entry.Id));
        BootEntry next = list.RequireNext();
        Assert.Equal("/boot/b-6.12.10/linux", next.Kernel);
        Assert.Equal(["/boot/ucode.img", "/boot/b-6.12.10/initrd"], next.Ramdisks);
        Assert.Equal("root=LABEL=root rw quiet", next.CommandLine);
        Assert.Equal("/boot/loader/entries/b-6.12.10.conf", next.Source);
        Assert.Contains("first in the order", list.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("default b-6.12.9.conf", "b-6.12.9.conf")]
    [InlineData("default a-*", "a-old.conf")]
    [InlineData("# default a-*\ntimeout 3\ndefault\tB-6.12.[0-9].CONF\n", "b-6.12.9.conf")]
    [InlineData("default gone", "b-6.12.10.conf")]
    [InlineData("default *", "b-6.12.10.conf")]
    public void Loader_conf_s_default_is_a_pattern(string settings, string id)
    {
        using BootTree tree = Arch();
        tree.Write("boot/loader/loader.conf", settings + "\n");
        Assert.Equal(id, tree.Find().RequireNext().Id);
    }

    [Fact]
    public void The_firmware_s_variables_go_before_and_the_one_for_once_first()
    {
        using BootTree tree = Arch();
        tree.Write("boot/loader/loader.conf", "default b-6.12.10.conf\n");
        tree.WriteVariable("LoaderEntryDefault", "b-6.12.9.conf");
        Assert.Equal("b-6.12.9.conf", tree.Find().RequireNext().Id);
        tree.WriteVariable("LoaderEntryOneShot", "a-old.conf");
        BootEntryList once = tree.Find();
        Assert.Equal("a-old.conf", once.RequireNext().Id);
        Assert.Contains("for the next boot only", once.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Saved_is_the_one_that_was_booted_last()
    {
        using BootTree tree = Arch();
        tree.Write("boot/loader/loader.conf", "default @saved\n");
        Assert.Equal("b-6.12.10.conf", tree.Find().RequireNext().Id);
        tree.WriteVariable("LoaderEntryLastBooted", "b-6.12.9.conf");
        Assert.Equal("b-6.12.9.conf", tree.Find().RequireNext().Id);
    }

    [Fact]
    public void An_entry_without_starts_left_is_last_and_the_preferred_one_passes_it()
    {
        using BootTree tree = Arch();
        File.Move(tree.Root + "/boot/loader/entries/b-6.12.10.conf", tree.Root + "/boot/loader/entries/b-6.12.10+0-3.conf");
        BootEntryList list = tree.Find();
        Assert.Equal("b-6.12.10.conf", list.Entries[^1].Id);
        Assert.Equal("b-6.12.9.conf", list.RequireNext().Id);
        tree.WriteVariable("LoaderEntryPreferred", "b-6.12.*");
        Assert.Equal("b-6.12.9.conf", tree.Find().RequireNext().Id);
        tree.Write("boot/loader/loader.conf", "default b-6.12.10.conf\n");
        File.Delete(tree.Root + "/sys/firmware/efi/efivars/LoaderEntryPreferred-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f");
        Assert.Equal("b-6.12.10.conf", tree.Find().RequireNext().Id);
    }

    [Fact]
    public void Unified_images_bring_title_and_version_with_them()
    {
        using var tree = new BootTree();
        tree.WriteImage("efi/EFI/Linux/os-1.efi", "ID=os\nPRETTY_NAME=\"An OS 1\"\nIMAGE_VERSION=1\n");
        tree.WriteImage("efi/EFI/Linux/os-2+3-0.efi", "ID=os\nPRETTY_NAME=\"An OS 2\"\nIMAGE_VERSION=2\n");
        tree.Write("efi/EFI/Linux/tool.efi", "MZ no image");
        BootEntryList list = tree.Find();
        Assert.Equal(["An OS 2", "An OS 1"], list.Entries.Select(entry => entry.Title));
        BootEntry next = list.RequireNext();
        Assert.Equal(("os-2.efi", "/efi/EFI/Linux/os-2+3-0.efi"), (next.Id, next.Kernel));
        Assert.Null(next.CommandLine);
    }

    [Fact]
    public void Sort_keys_go_before_names_and_group_by_machine()
    {
        using var tree = new BootTree();
        tree.Touch("efi/linux");
        Entry("z", "sort-key b\nversion 1");
        Entry("y", "sort-key a\nmachine-id 2\nversion 9");
        Entry("x", "sort-key a\nmachine-id 1\nversion 2~rc1");
        Entry("w", "sort-key a\nmachine-id 1\nversion 2");
        Entry("v", "");
        Entry("u", "architecture aa64");
        Entry("t", "linux /gone");
        Assert.Equal(["w.conf", "x.conf", "y.conf", "z.conf", "v.conf"], tree.Find().Entries.Select(entry => entry.Id));

        void Entry(string name, string lines) => tree.Write($"efi/loader/entries/{name}.conf", $"linux /linux\n{lines}\n");
    }

    [Fact]
    public void Two_boot_loaders_are_told_apart_by_the_one_that_ran()
    {
        using BootTree tree = Arch();
        tree.Write("boot/loader/loader.conf", "timeout 1\n");
        tree.Write("boot/grub/grub.cfg", "menuentry Grub { linux /b-6.12.9/linux; }\n");
        tree.Touch("sys/firmware/efi/runtime");
        BootEntryList unclear = tree.Find();
        Assert.Null(unclear.Next);
        Assert.Contains("Both grub and systemd-boot", Assert.Single(unclear.Problems).What, StringComparison.Ordinal);
        tree.WriteVariable("LoaderInfo", "systemd-boot 257");
        Assert.Equal("b-6.12.10.conf", tree.Find().RequireNext().Id);
        tree.WriteVariable("LoaderInfo", "GRUB 2.12");
        Assert.Equal("Grub", tree.Find().RequireNext().Title);
    }

    [Fact]
    public void A_program_of_the_firmware_is_no_kernel()
    {
        using var tree = new BootTree();
        tree.Touch("efi/shell.efi");
        tree.Write("efi/loader/entries/shell.conf", "title Shell\nefi \\shell.efi\n");
        BootEntryList list = tree.Find();
        Assert.Contains("program of the firmware", Assert.Throws<Core.Diagnostics.DiagnosticException>(() => list.RequireNext()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_without_a_boot_loader_says_where_was_looked()
    {
        using var tree = new BootTree();
        BootEntryList list = tree.Find();
        Assert.Empty(list.Entries);
        Assert.Contains("/boot/grub/grub.cfg", Assert.Single(list.Problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_files_are_passed_over()
    {
        using BootTree tree = Arch();
        var random = new Random(7);
        for (int round = 0; round < 200; round++)
        {
            var bytes = new byte[random.Next(600)];
            random.NextBytes(bytes);
            "MZ"u8.CopyTo(bytes.Length > 2 ? bytes : new byte[2]);
            if (bytes.Length > 0x100)
            {
                bytes[0x3c] = 0x40;
                bytes.AsSpan(0x3d, 3).Clear();
                "PE\0\0"u8.CopyTo(bytes.AsSpan(0x40));
                ".linux\0"u8.CopyTo(bytes.AsSpan(0x40 + 24));
                ".osrel\0"u8.CopyTo(bytes.AsSpan(0x40 + 64));
                bytes.AsSpan(0x40 + 20, 2).Clear();
            }

            tree.Write("efi/EFI/Linux/x.efi", bytes);
            tree.Write("boot/loader/entries/x.conf", bytes);
            tree.Write("boot/loader/loader.conf", bytes);
            tree.Write("sys/firmware/efi/efivars/LoaderEntryOneShot-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f", bytes);
            Assert.NotNull(tree.Find().Next);
        }
    }

    private static BootTree Arch()
    {
        var tree = new BootTree();
        tree.Touch("boot/ucode.img");
        foreach (string version in (string[])["b-6.12.9", "b-6.12.10", "a-old"])
        {
            tree.Touch($"boot/{version}/linux", $"boot/{version}/initrd");
            tree.Write($"boot/loader/entries/{version}.conf", $"""
                # written by a tool
                title      Arch Linux {version}
                linux      /{version}/linux
                initrd     /ucode.img
                initrd     /{version}/initrd
                options    root=LABEL=root rw
                options    quiet

                """);
        }

        return tree;
    }
}
