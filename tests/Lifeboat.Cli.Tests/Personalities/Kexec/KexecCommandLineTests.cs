using Lifeboat.Cli.Personalities.Kexec;
using Lifeboat.Kexec.Loading;

namespace Lifeboat.Cli.Tests.Personalities.Kexec;

/// <summary>What a command line of kexec is read as; nothing is loaded.</summary>
public sealed class KexecCommandLineTests
{
    private const KexecAction At = KexecAction.Sync | KexecAction.InterfacesDown | KexecAction.Execute;

    public static TheoryData<string, int> Orders => new()
    {
        { "", (int)(KexecAction.Load | KexecAction.Shutdown | KexecAction.Sync) },
        { "-l", (int)(KexecAction.Load | KexecAction.Sync) },
        { "--load", (int)(KexecAction.Load | KexecAction.Sync) },
        { "-p", (int)KexecAction.Load },
        { "--load-panic", (int)KexecAction.Load },
        { "-u", (int)KexecAction.Unload },
        { "--unload", (int)KexecAction.Unload },
        { "-e", (int)At },
        { "--exec", (int)At },
        { "-f", (int)(KexecAction.Load | At) },
        { "--force", (int)(KexecAction.Load | At) },
        { "--load-preserve-context -c --mem-max=1", (int)(KexecAction.Load | KexecAction.Sync) },

        // What comes last is done; -u stays, so that -u -l unloads first.
        { "-l -e", (int)At },
        { "-e -l", (int)(KexecAction.Load | KexecAction.Sync | KexecAction.InterfacesDown) },
        { "-lf", (int)(KexecAction.Load | At) },
        { "-fl", (int)(KexecAction.Load | KexecAction.Sync | KexecAction.InterfacesDown) },
        { "-fp", (int)(KexecAction.Load | KexecAction.InterfacesDown) },
        { "-pu", (int)KexecAction.Unload },
        { "-up", (int)(KexecAction.Unload | KexecAction.Load) },
        { "-ul", (int)(KexecAction.Unload | KexecAction.Load) },
        { "-lu", (int)KexecAction.Unload },
        { "-ue", (int)(KexecAction.Unload | At) },
        { "-uf", (int)(KexecAction.Unload | KexecAction.Load | At) },
        { "-fu", (int)(KexecAction.Unload | KexecAction.InterfacesDown | KexecAction.Execute) },

        { "-e -x", (int)(KexecAction.Sync | KexecAction.Execute) },
        { "--no-ifdown -e", (int)(KexecAction.Sync | KexecAction.Execute) },
        { "-exy", (int)KexecAction.Execute },
        { "-f --no-sync", (int)(KexecAction.Load | KexecAction.InterfacesDown | KexecAction.Execute) },
        { "-S -f", (int)KexecAction.None },
        { "-u --status", (int)KexecAction.None },
    };

    [Theory]
    [MemberData(nameof(Orders))]
    public void What_is_done_depends_on_the_order(string line, int actions) => Assert.Equal((KexecAction)actions, Read(line).Actions);

    [Theory]
    [InlineData("-l", false)]
    [InlineData("-p", true)]
    [InlineData("-p -l", true)]
    [InlineData("-l -p", true)]
    [InlineData("-p -u", true)]
    [InlineData("-u -p", true)]
    [InlineData("-p -c --mem-max=1 --load-preserve-context", false)]
    [InlineData("-c --mem-max=1 --load-preserve-context -p", true)]
    public void The_image_is_for_a_crash_once_that_was_said(string line, bool isForCrash)
    {
        KexecSettings settings = Read(line);
        Assert.Equal((isForCrash, false), (settings.IsForCrash, settings.IsForCrash && settings.PreservesContext));
    }

    [Theory]
    [InlineData("-l k", null)]
    [InlineData("-s -l k", KexecCall.KexecFileLoad)]
    [InlineData("-c -l k", KexecCall.KexecLoad)]
    [InlineData("-scl k", KexecCall.KexecLoad)]
    [InlineData("-csa -l k", null)]
    [InlineData("--kexec-file-syscall", KexecCall.KexecFileLoad)]
    [InlineData("--kexec-syscall", KexecCall.KexecLoad)]
    [InlineData("--kexec-syscall --kexec-syscall-auto", null)]
    internal void The_call_is_the_last_that_was_named(string line, KexecCall? call) => Assert.Equal(call, Read(line).Call);

    [Fact]
    public void Every_option_of_an_image_has_its_place()
    {
        KexecSettings settings = Read(
            "-c -l vmlinuz --append=a --command-line b --reuse-cmdline --initrd=one --ramdisk two --dtb=tree --entry-32bit --noefi "
            + "--pass-memmap-cmdline --module=m1 --module m2 --mem-min=0x100000 --mem-max=017777 -t bzImage -i -d --hotplug --no-cma "
            + "--force-dtb --elf64-core-headers --args-linux");
        Assert.Equal(("vmlinuz", "b", "two", "tree"), (settings.Kernel, settings.CommandLine, settings.Ramdisk, settings.DeviceTree));
        Assert.Equal(["m1", "m2"], settings.Modules);
        Assert.Equal((0x100000UL, 8191UL, "bzImage"), (settings.MemoryMinimum, settings.MemoryMaximum, settings.Type));
        Assert.True(settings.ReusesCommandLine && settings.Is32BitEntry && settings.IsWithoutEfi && settings.PassesMemoryMap);
        Assert.True(settings.SkipsChecks && settings.IsDebugging && settings.IsHotplug && settings.IsWithoutCma && settings.ForcesDeviceTree);
        KexecSettings none = Read("-l vmlinuz");
        Assert.False(none.ReusesCommandLine || none.Is32BitEntry || none.IsWithoutEfi || none.PassesMemoryMap);
        Assert.False(none.SkipsChecks || none.IsDebugging || none.IsHotplug || none.IsWithoutCma || none.ForcesDeviceTree);
    }

    [Theory]
    [InlineData("--serial=ttyS0", 0x3f8, 0)]
    [InlineData("--serial=ttyS1 --serial-baud=9600", 0x2f8, 9600)]
    [InlineData("--serial 0xEC00 --serial-baud 0x1C200", 0xec00, 115200)]
    [InlineData("--serial-baud=38400", 0x3f8, 38400)]
    public void The_serial_line_of_purgatory_is_set(string line, int port, int baud)
    {
        KexecSettings settings = Read($"-l k --console-serial --console-vga --reset-vga {line}");
        Assert.Equal((port, baud), (settings.SerialPort, settings.SerialBaud));
        Assert.True(settings.PrintsToSerial && settings.PrintsToVga && settings.ResetsVga);
    }

    [Theory]
    [InlineData("kernel -l")]
    [InlineData("-l kernel more")]
    [InlineData("-l -- kernel")]
    [InlineData("--com=x kernel -l")]
    public void The_kernel_is_the_first_word_that_is_no_option(string line) => Assert.Equal("kernel", Read(line).Kernel);

    [Fact]
    public void What_comes_behind_a_question_is_not_read()
    {
        Assert.True(Read("-h --nonsense").ShowsHelp);
        Assert.True(Read("-lv --real-mode").ShowsVersion);
        Assert.True(Read("--print-ckr-size --mem-min=x").ShowsReservation);
    }

    private static KexecSettings Read(string line) => KexecCommandLine.Read(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
