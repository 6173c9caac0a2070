using System.CommandLine;
using System.Text.Json;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat describe</c>: saves what a plan needs to know of this machine.</summary>
internal sealed class DescribeVerb : Verb
{
    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "The file to write. Default: HOST.machine in this folder.",
        HelpName = "FILE",
    };

    public DescribeVerb()
        : base("describe", "save what a plan needs to know of this machine, to plan for it elsewhere")
    {
        Options.Add(_output);
        Options.Add(CommonOptions.Json);
    }

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            Saves all that arm --dry-run and status read of this machine into one file: memory map, reservation, firmware and EFI
            tables, CPUs, sysctls, lockdown, the kernel's command line and configuration. With it a plan can be made, and held
            against the kernel's rules, on another machine: lifeboat arm --dry-run --machine FILE.

            The file is a cpio archive: cpio -t lists it, and cpio -id unpacks it, the files as the machine has them (proc/iomem).
            It has addresses of kernel memory and the command line of this machine: give it to those who may know them. It needs
            root, as the kernel hides physical addresses from others.
            """,
        Examples =
        [
            new("lifeboat describe --output web1.machine", "save this machine"),
            new("lifeboat describe --json", "save it as HOST.machine, and list the files in it"),
        ],
        ExitCodes = [new((int)ExitCode.BadInput, "this machine's memory map cannot be read")],
    };

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        byte[] archive = SavedMachine.Record("/", out IReadOnlyList<string> files);
        string path = arguments.GetValue(_output) ?? $"{Environment.MachineName}.machine";
        File.WriteAllBytes(path, archive);
        terminal.Output.WriteLine(arguments.GetValue(CommonOptions.Json)
            ? JsonSerializer.Serialize(
                new DescribeDocument(path, archive.Length, files), CliJsonContext.Default.DescribeDocument)
            : $"{path}: {files.Count} files of this machine");
        return ExitCode.Success;
    }
}
