using System.CommandLine;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Reservation;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat crashkernel shrink</c>: gives reserved memory back to the running kernel.</summary>
internal sealed class CrashKernelShrinkVerb : Verb
{
    private readonly Argument<ByteCount> _size = new("SIZE")
    {
        Description = "What is to stay reserved: a number with an optional K, M or G; 0 gives back everything.",
        CustomParser = result =>
        {
            if (!ByteCount.TryParse(result.Tokens[0].Value, out ByteCount size))
            {
                result.AddError($"SIZE is a size such as 128M, not '{result.Tokens[0].Value}'");
            }

            return size;
        },
    };

    public CrashKernelShrinkVerb()
        : base("shrink", "give memory that is reserved for a crash back to the running kernel") =>
        Arguments.Add(_size);

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            Leaves so much reserved and gives the rest to the running kernel, which uses it like any other memory. Only the next boot
            reserves it again. Since Linux 6.5 SIZE counts what is reserved above and below 4 GiB together; before, only the main part.
            While a capture kernel is loaded nothing is given back: run disarm, shrink and arm. It needs root.
            """,
        Examples = [new("lifeboat crashkernel shrink 128M", "keep 128 MiB")],
        Files = [new("/sys/kernel/kexec_crash_size", "takes the new size; in newer kernels /sys/kernel/kexec/crash_size")],
        ExitCodes =
        [
            new((int)ExitCode.BadInput, "a capture kernel is loaded, or less is reserved already"),
            new((int)ExitCode.KernelRefused, "the running kernel refused"),
        ],
    };

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        ByteCount left = ReservationShrink.To(arguments.GetRequiredValue(_size));
        terminal.Output.WriteLine($"{left} are reserved now");
        return ExitCode.Success;
    }
}
