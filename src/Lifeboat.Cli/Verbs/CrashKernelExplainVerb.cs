using System.CommandLine;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Reporting;
using Lifeboat.Kexec.Reservation;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat crashkernel explain</c>: what a crashkernel= means and reserves.</summary>
internal sealed class CrashKernelExplainVerb : Verb
{
    private const string Word = "crashkernel=";

    private readonly Argument<string[]> _spec = new("SPEC")
    {
        Description = "What stands behind crashkernel=, or a whole command line in quotes; several are read as they would stand there.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<ByteCount?> _memory = CommonOptions.Size("--memory", "The machine's RAM. Default: this machine's.");

    public CrashKernelExplainVerb()
        : base("explain", "say what a crashkernel= means, and what it reserves on this or another machine")
    {
        Arguments.Add(_spec);
        Options.Add(_memory);
        Options.Add(CommonOptions.Json);
    }

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            Reads crashkernel= as the kernel does, quirks included, and says what comes of it on a machine with so much RAM: the size,
            where it lies, what is reserved below 4 GiB in addition. Then what might surprise: ranges that overlap or leave a gap, an
            address that can never be reserved, a size that is too small, one of several that does not count.
            """,
        Examples =
        [
            new("lifeboat crashkernel explain 2G-64G:256M,64G-:512M", "on this machine"),
            new("lifeboat crashkernel explain 1G,high 128M,low --memory 512G", "two of them, on a machine with 512 GiB"),
            new("lifeboat crashkernel explain \"$(cat /proc/cmdline)\"", "those of the running kernel"),
        ],
        ExitCodes = [new((int)ExitCode.BadInput, "nothing would be reserved; the advice says why")],
    };

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string text = string.Join(' ', arguments.GetRequiredValue(_spec).Select(word =>
            word.Contains(Word, StringComparison.Ordinal) ? word : Word + word));
        var status = ReservationStatus.Read();
        ByteCount? memory = arguments.GetValue(_memory);
        ByteCount? ram = memory ?? status.Ram;
        var line = CrashKernelLine.Parse(text);

        // Another machine has another kernel, and no drill was run there.
        IReadOnlyList<string> advice = ram is { } bytes
            ? CrashKernelAdvice.Of(line, bytes, memory is null ? status.Kexec.Release : null, memory is null ? status.Drill : null)
            : ["the RAM of this machine is unknown: say it with --memory"];
        terminal.Output.Write(arguments.GetValue(CommonOptions.Json)
            ? CrashKernelReport.ExplainJson(line, ram, advice) + '\n'
            : CrashKernelReport.Explain(line, ram, advice));
        return ram is { } known && line.On(known).Error is not null ? ExitCode.BadInput : ExitCode.Success;
    }
}
