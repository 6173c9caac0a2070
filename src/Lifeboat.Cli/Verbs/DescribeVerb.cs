using System.CommandLine;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat describe</c>: saves what a plan needs to know of this machine.</summary>
internal sealed class DescribeVerb : Verb
{
    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "The file to write. Default: HOST.machine in this folder; - is standard output.",
        HelpName = "FILE",
    };

    public DescribeVerb()
        : base("describe", "save what a plan needs to know of this machine, for arm --dry-run --machine elsewhere") =>
        Options.Add(_output);

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            Saves all that arm --dry-run and status read of this machine into one file: memory map, reservation, firmware and EFI
            tables, CPUs, sysctls, lockdown, the kernel's command line and configuration. With it a plan can be made, and held
            against the kernel's rules, on another machine.

            The file is a plain tar archive: tar tf lists it, and tar xf unpacks it, the files as the machine has them (proc/iomem).
            It has addresses of kernel memory and the command line of this machine: give it to those who may know them. It needs
            root, as the kernel hides physical addresses from others.
            """,
        Examples =
        [
            new("lifeboat describe --output web1.machine", "save this machine"),
            new("lifeboat arm --dry-run --machine web1.machine vmlinuz --ramdisk capture.img", "plan for it somewhere else"),
            new("tar xOf web1.machine proc/iomem", "look into it"),
        ],
        ExitCodes = [new((int)ExitCode.BadInput, "this machine's memory map cannot be read")],
    };

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        var machine = SavedMachine.Record();
        byte[] archive = machine.ToArchive();
        string path = arguments.GetValue(_output) ?? $"{Environment.MachineName}.machine";
        if (path == "-")
        {
            using Stream output = Console.OpenStandardOutput();
            output.Write(archive);
        }
        else
        {
            File.WriteAllBytes(path, archive);
            terminal.Output.WriteLine($"{path}: {machine.Files.Count} files of this machine");
        }

        return ExitCode.Success;
    }
}
