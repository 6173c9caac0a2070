using System.ComponentModel;
using System.Diagnostics;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Storage;

/// <summary>
/// Has the machine's own generator of initial ramdisks collect programs with the libraries and the settings that they need: initramfs-tools
/// (Debian, Ubuntu), else dracut (Fedora, SUSE, Arch). Nothing of ours is installed for it.
/// </summary>
internal sealed class StorageGenerator
{
    private const string InitramfsTools = "initramfs-tools";
    private const string Dracut = "dracut";
    private const int OutputShown = 2000;

    // Seconds, usually; minutes in a virtual machine that is emulated.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    private readonly string _program;

    private StorageGenerator(string name, string program)
    {
        Name = name;
        _program = program;
    }

    /// <summary>Its name.</summary>
    internal string Name { get; }

    /// <summary>The one of this machine.</summary>
    /// <param name="reason">What it is needed for.</param>
    /// <param name="root">Where the machine's files are.</param>
    /// <exception cref="DiagnosticException">It has none.</exception>
    internal static StorageGenerator OfMachine(string reason, string root = "/")
    {
        foreach ((string name, string program) in (ReadOnlySpan<(string, string)>)[
            (InitramfsTools, "usr/sbin/mkinitramfs"), (Dracut, "usr/bin/dracut"), (Dracut, "usr/sbin/dracut")])
        {
            if (File.Exists(Path.Combine(root, program)))
            {
                return new StorageGenerator(name, "/" + program);
            }
        }

        throw new DiagnosticException(new Diagnostic(
            CaptureDiagnostics.StorageToolsNotCollected, "Programs of this machine are needed in the ramdisk, and nothing is there to collect them")
        {
            Where = reason,
            Found = "neither mkinitramfs nor dracut",
            Expected = "one of the two",
            Remedy = "Install the package initramfs-tools or dracut-core (dracut)",
        });
    }

    /// <summary>Collects.</summary>
    /// <exception cref="DiagnosticException">The generator fails.</exception>
    /// <exception cref="IOException">What it collected cannot be read.</exception>
    internal IReadOnlyList<RamdiskFile> Collect(IReadOnlyList<string> programs, IReadOnlyList<string> files)
    {
        string folder = Directory.CreateTempSubdirectory("lifeboat-storage-").FullName;
        try
        {
            string tree = Directory.CreateDirectory(Path.Combine(folder, "tree")).FullName;
            var start = new ProcessStartInfo(_program, Name == Dracut ? PrepareDracut(folder) : PrepareInitramfsTools(folder))
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment["LIFEBOAT_TREE"] = tree;
            start.Environment["LIFEBOAT_PROGRAMS"] = string.Join(' ', programs);
            start.Environment["LIFEBOAT_FILES"] = string.Join(' ', files);
            start.Environment["dracutbasedir"] = Path.Combine(folder, "base");
            string? failure = Run(start);
            return failure is null && !File.Exists(tree + ".failed") ? StorageTree.Read(tree)
                : throw Failed(failure ?? "a program that could not be copied");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string[] PrepareInitramfsTools(string folder)
    {
        string configuration = Path.Combine(folder, "conf");
        foreach (string part in (ReadOnlySpan<string>)["conf.d", "hooks", "scripts"])
        {
            Directory.CreateDirectory(Path.Combine(configuration, part));
        }

        string hook = Path.Combine(configuration, "hooks/lifeboat");
        File.WriteAllText(hook, GeneratorScripts.InitramfsToolsHook);
        File.SetUnixFileMode(hook, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(Path.Combine(configuration, "initramfs.conf"), GeneratorScripts.InitramfsToolsConfiguration);
        return ["-d", configuration, "-o", Path.Combine(folder, "image")];
    }

    // Its own folder with one more module in it, made of links.
    private static string[] PrepareDracut(string folder)
    {
        const string Own = "/usr/lib/dracut";
        string module = Directory.CreateDirectory(Path.Combine(folder, "base/modules.d/98lifeboat")).FullName;
        File.WriteAllText(Path.Combine(module, "module-setup.sh"), GeneratorScripts.DracutModule);
        foreach (string entry in Directory.Exists(Own) ? Directory.GetFileSystemEntries(Own) : [])
        {
            if (Path.GetFileName(entry) != "modules.d")
            {
                File.CreateSymbolicLink(Path.Combine(folder, "base", Path.GetFileName(entry)), entry);
            }
        }

        string empty = Directory.CreateDirectory(Path.Combine(folder, "empty")).FullName;
        return
        [
            "--force", "--conf", "/dev/null", "--confdir", empty, "--modules", "lifeboat", "--no-kernel", "--no-early-microcode", "--no-compress",
            "--tmpdir", folder, Path.Combine(folder, "image"),
        ];
    }

    // Why it failed; null when it did not.
    private static string? Run(ProcessStartInfo start)
    {
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(Limit))
            {
                process.Kill(entireProcessTree: true);
                return $"it took longer than {Limit.TotalMinutes:0} minutes";
            }

            string text = (errors.GetAwaiter().GetResult() + output.GetAwaiter().GetResult()).Trim();
            return process.ExitCode == 0 ? null : $"exit code {process.ExitCode}: {text[Math.Max(text.Length - OutputShown, 0)..]}";
        }
        catch (Win32Exception error)
        {
            return error.Message;
        }
    }

    private DiagnosticException Failed(string found) =>
        new(new Diagnostic(CaptureDiagnostics.StorageToolsNotCollected, $"{Name} could not collect the programs of the target's storage")
        {
            Where = _program,
            Found = found,
            Expected = "a folder with the programs and their libraries",
            Remedy = "Its own words tell more; does it make this machine's initial ramdisk? It wants root",
        });
}
