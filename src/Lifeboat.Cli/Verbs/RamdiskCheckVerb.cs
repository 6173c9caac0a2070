using System.CommandLine;
using Lifeboat.Capture.Modules;
using Lifeboat.Capture.Network;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Storage;
using Lifeboat.Capture.Targets;
using Lifeboat.Capture.Watchdogs;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat ramdisk check</c>: finds before the crash what of a ramdisk would fail at it.</summary>
internal sealed class RamdiskCheckVerb : Verb
{
    private readonly Argument<string> _file = RamdiskVerb.File();

    private readonly Option<string?> _release = new("--release")
    {
        Description = "The kernel that is to capture, if it is not the running one.",
        HelpName = "RELEASE",
    };

    private readonly Option<string?> _modules = new("--modules")
    {
        Description = "The folder of that kernel's modules. Default: /lib/modules/RELEASE.",
        HelpName = "DIR",
    };

    public RamdiskCheckVerb()
        : base("check", "find what of a ramdisk would fail at the crash, on this machine as it is now")
    {
        CommonOptions.RefuseEmptyPaths(_file);
        Arguments.Add(_file);
        foreach (Option option in (Option[])[_release, _modules, CommonOptions.Json])
        {
            Options.Add(option);
        }
    }

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            Errors are what would lose the dump: no program that the kernel can start, a module that is missing or for another kernel,
            settings that are not understood, a target that is not on this machine, a filesystem, a disk or a network card whose driver is
            neither in the ramdisk nor built into the kernel, a target on other storage than the ramdisk sets up, or without a program for it, a
            target's host to which the ramdisk does not know the way, a certificate that has ended, a raw device that is in use or holds something, a
            hook or key that is not there. Warnings are what has changed since it was built (the program, the settings, the way to a target's host,
            certificates, tokens, keys, other hosts' keys, the ssh client, hooks and their libraries, modules' parameters, firmware), and certificates
            that end within 30 days.

            Run it as root, who alone may look for the target on the devices; after each update of the kernel; and where monitoring runs.
            """,
        Examples =
        [
            new("lifeboat ramdisk check capture.img", "would it do?"),
            new("lifeboat ramdisk check capture.img --release 6.12.117+deb12-amd64", "for a kernel that is booted next"),
        ],
        Files = [new(RamdiskLayout.Settings, "the settings of this machine, which those in the ramdisk are compared with")],
        ExitCodes = [new((int)ExitCode.BadInput, "there are errors, or the file is no ramdisk that lifeboat has built; warnings alone are no reason")],
    };

    // As ramdisk build would put them in.
    private static string SettingsNow()
    {
        string text = SettingsInput.Read(RamdiskLayout.Settings);
        CaptureSettings asked = SettingsFile.Read(text, RamdiskLayout.Settings).Settings;
        CaptureSettings now = SettingsInput.Resolve(asked);
        return now == asked ? text : now.ToText();
    }

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string path = arguments.GetRequiredValue(_file);
        RamdiskContents contents = RamdiskVerb.Read(path, out _);
        string release = arguments.GetValue(_release) ?? File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        string modules = arguments.GetValue(_modules) ?? $"/lib/modules/{release}";
        IReadOnlyList<SettingFinding> findings = RamdiskCheck.Of(contents, new RamdiskSurroundings
        {
            KernelRelease = release,
            Modules = Directory.Exists(modules) ? ModuleTree.Open(modules) : null,
            MachineRoot = "/",
            Program = File.ReadAllBytes(Environment.ProcessPath!),
            Settings = File.Exists(RamdiskLayout.Settings) ? SettingsNow() : null,
            FindDevice = new BlockDeviceFinder(TimeProvider.System).Find,
            PlanNetwork = static host => NetworkPlanner.For(host, new List<Diagnostic>()),
            StackOf = static device => StorageStack.Of([device]),
            DriversOf = static stack => stack.Drivers(),
            FilesFor = HostFiles.For,
            FindRawDevice = static target => new RawDeviceFinder(TimeProvider.System).Find(target.Device),
            CheckRawDevice = static target => RawDevice.Check(DumpTargets.None.With(target)),
            Now = TimeProvider.System.GetUtcNow(),
            Watchdogs = new WatchdogNeeds(),
        });
        var document = ConfigDocument.Check(path, findings);
        if (arguments.GetValue(CommonOptions.Json))
        {
            terminal.Output.WriteLine(document.ToJson());
        }
        else
        {
            ConfigText.WriteFindings(document, terminal.Output, terminal.OutputPaint);
        }

        foreach (SettingFinding finding in findings)
        {
            if (finding.IsError)
            {
                return ExitCode.BadInput;
            }
        }

        return ExitCode.Success;
    }
}
