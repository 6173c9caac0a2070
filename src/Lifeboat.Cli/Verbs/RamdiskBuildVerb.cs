using System.CommandLine;
using System.Text;
using Lifeboat.Capture;
using Lifeboat.Capture.Modules;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Stores.Upload;
using Lifeboat.Capture.Targets;
using Lifeboat.Capture.Watchdogs;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Drill.Kernels;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat ramdisk build</c>: builds the ramdisk that the capture kernel runs from.</summary>
internal sealed class RamdiskBuildVerb : Verb
{
    private readonly Argument<string> _output = new("OUT")
    {
        Description = "The file to write.",
    };

    private readonly Option<string> _settings = new("--settings")
    {
        Description = "The settings to put in: target, path, dump level, what to do at the end.",
        HelpName = "FILE",
        DefaultValueFactory = _ => RamdiskLayout.Settings,
    };

    private readonly Option<string?> _kernel = new("--kernel")
    {
        Description = "The kernel that the ramdisk is for. Default: /boot/vmlinuz of the running release.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _modules = new("--modules")
    {
        Description = "The folder of that kernel's modules. Default: lib/modules/RELEASE beside the image's folder, or /lib/modules/RELEASE.",
        HelpName = "DIR",
    };

    private readonly Option<string[]> _module = new("--module")
    {
        Description = "One more module (nvme, ahci, virtio_blk), for a machine that is not this one; may be given several times. What "
            + "this machine's targets need, and everything these depend on, come by themselves.",
        HelpName = "NAME",
    };

    public RamdiskBuildVerb()
        : base("build", "build the ramdisk that the capture kernel runs from")
    {
        Arguments.Add(_output);
        foreach (Option option in (Option[])[_settings, _kernel, _modules, _module, CommonOptions.Json])
        {
            Options.Add(option);
        }
    }

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            Builds the ramdisk for lifeboat arm --ramdisk: this program as /init, the modules of the target's disk and filesystem
            in load order with this machine's parameters for them (modprobe.d), what their drivers load into the cards
            (/lib/firmware), and the settings. Beside these is only what the settings need: for a target on another host the way there
            (its addresses, the cards and their drivers), certificates and keys, the ssh client; hooks and a rescue shell with their
            libraries. With a target on a disk there is no shell and no library; one on LVM, mdraid, multipath or LUKS takes the tools
            of these, which the machine's own initramfs-tools or dracut collects. The first line printed says which way was gone and
            why. Nothing is looked up at the crash that could be looked up now.

            The settings say where a crash is saved and how: ext4 UUID=..., path /var/crash, dump_level 31 (lifeboat config --help has
            them all). They are checked before anything is built; so is that every module, program and key is there. The drivers of the
            targets' disks and network cards, and of the machine's watchdogs, are those that this machine uses; --module names others.

            The key of a target on LUKS is never in the ramdisk: a kernel with CONFIG_CRASH_DM_CRYPT hands it over, when it lies in root's
            user keyring while this program arms; without that such a target is refused (docs/capture.md, Encrypted disks).
            """,
        Examples =
        [
            new("lifeboat ramdisk build capture.img", "a ramdisk for the running kernel and the targets of its settings"),
            new("lifeboat ramdisk build capture.img --settings ./lifeboat.conf --kernel /boot/vmlinuz-6.1.0-56-amd64", "other settings, another kernel"),
        ],
        Files =
        [
            new(RamdiskLayout.Settings, "the settings, on the host and in the ramdisk"),
        ],
        ExitCodes =
        [
            new((int)ExitCode.BadInput, "the settings are wrong, or a module is missing; the error says which"),
        ],
    };

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string settingsFile = arguments.GetRequiredValue(_settings);
        string settings = SettingsInput.Read(settingsFile);
        CaptureSettings asked = Check(SettingsFile.Read(settings, settingsFile), terminal);
        CaptureSettings parsed = SettingsInput.Resolve(asked);
        settings = parsed == asked ? settings : parsed.ToText();
        string release = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        KernelTree kernel = KernelFinder.Explicit(arguments.GetValue(_kernel) ?? $"/boot/vmlinuz-{release}", arguments.GetValue(_modules));
        foreach (DumpTarget target in parsed.Targets)
        {
            if (target is UploadTarget upload)
            {
                UploadStores.Check(upload, File.ReadAllText, TimeProvider.System.GetUtcNow());
            }
        }

        RawDevice.Check(parsed.Targets);
        CaptureNeeds needs = CaptureNeeds.Of(parsed, new BlockDeviceFinder(TimeProvider.System), watchdogs: new WatchdogNeeds());
        RamdiskImage image = RamdiskBuilder.Build(new RamdiskRequest
        {
            InitProgram = Environment.ProcessPath!,
            ModuleTree = ModuleTree.Open(kernel.ModulesFolder),
            Modules =
            [
                .. needs.Modules,
                .. arguments.GetValue(_module) ?? [],
            ],
            MachineRoot = "/",
            ModuleOptions = parsed.Programs.ModuleOptionLines,
            KernelConfig = kernel.ConfigPath is null ? null : KernelConfig.Read(kernel.ConfigPath),
            Files =
            [
                RamdiskFile.FromBytes(RamdiskLayout.Settings, Encoding.UTF8.GetBytes(settings)),
                .. needs.Files,
            ],
        });
        foreach (Diagnostic notice in (IEnumerable<Diagnostic>)[.. needs.Notices, .. image.Notices])
        {
            terminal.Note(notice.ToString());
        }

        string output = arguments.GetRequiredValue(_output);
        using (FileStream file = new(output, OwnerOnly()))
        {
            file.Write(image.Content.Span);
        }

        terminal.Output.WriteLine(arguments.GetValue(CommonOptions.Json)
            ? RamdiskDocument.From(image, needs.Road, output).ToJson()
            : $"{needs.Road}\n{output}: {new ByteCount((ulong)image.Content.Length)} ({image.Compression}), {image.UnpackedSize} unpacked, modules "
            + string.Join(' ', image.Modules.Select(module => module.Name.Value)));
        return ExitCode.Success;
    }

    // There may be keys and passwords in it.
    private static FileStreamOptions OwnerOnly() => new()
    {
        Mode = FileMode.Create,
        Access = FileAccess.Write,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    };

    // What the capture would fail at is refused now. A ramdisk without a target is of use to whoever tries one out.
    private static CaptureSettings Check(SettingsFile file, Terminal terminal)
    {
        var errors = new List<Diagnostic>();
        foreach (SettingFinding finding in SettingsCheck.Of(file))
        {
            if (finding.IsError && finding.Diagnostic.Id != CaptureDiagnostics.SettingMissing)
            {
                errors.Add(finding.Diagnostic);
            }
            else
            {
                terminal.Note(finding.Diagnostic.ToString());
            }
        }

        return errors.Count == 0 ? file.Settings : throw new DiagnosticException(errors);
    }
}
