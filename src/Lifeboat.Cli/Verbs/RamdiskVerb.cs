using System.CommandLine;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat ramdisk</c>: the ramdisk that the capture kernel runs from.</summary>
internal sealed class RamdiskVerb : Verb
{
    public RamdiskVerb()
        : base("ramdisk", "build, list or check the ramdisk that the capture kernel runs from")
    {
        Subcommands.Add(new RamdiskBuildVerb());
        Subcommands.Add(new RamdiskCheckVerb());
        Subcommands.Add(new RamdiskListVerb());
    }

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            The ramdisk has all that a capture needs: this program as /init, modules, settings. build makes it, list shows what is in
            one, and check finds what would fail at the crash, or has changed on this machine since it was built.
            """,
        Examples =
        [
            new("lifeboat ramdisk build capture.img --module nvme", "for the running kernel and a target on an NVMe disk"),
            new("lifeboat ramdisk check capture.img", "would it do, on this machine as it is now?"),
        ],
        Files = [new(RamdiskLayout.Settings, "the settings, on the host and in the ramdisk")],
    };

    /// <summary>The ramdisk to look into.</summary>
    public static Argument<string> File() => new("FILE")
    {
        Description = "The ramdisk.",
    };

    /// <summary>Reads one.</summary>
    /// <exception cref="Core.Diagnostics.DiagnosticException">It is damaged, or no ramdisk of ours.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static RamdiskContents Read(string path, out int length)
    {
        byte[] file = System.IO.File.ReadAllBytes(path);
        length = file.Length;
        return RamdiskContents.Read(file, path);
    }

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        terminal.Error("what of the ramdisk? build, check or list; lifeboat ramdisk --help says more");
        return ExitCode.Usage;
    }
}
