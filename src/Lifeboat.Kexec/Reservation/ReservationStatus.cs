using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Loading;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Status;

namespace Lifeboat.Kexec.Reservation;

/// <summary>What is reserved for a crash on this machine, and what of it is used.</summary>
public sealed record ReservationStatus
{
    /// <summary>What the machine says of kexec.</summary>
    public required KexecStatus Kexec { get; init; }

    /// <summary>What the command line asks for.</summary>
    public required CrashKernelLine Line { get; init; }

    /// <summary>The RAM as the firmware gave it, or what the kernel manages of it where addresses are hidden; null when unknown.</summary>
    public ByteCount? Ram { get; init; }

    /// <summary>What this program has loaded; null when it has not, or another program has since.</summary>
    public ArmedImage? Armed { get; init; }

    /// <summary>The last drill; null when there was none.</summary>
    public LastDrill? Drill { get; init; }

    /// <summary>What is to be said of it.</summary>
    public IReadOnlyList<string> Advice
    {
        get
        {
            var advice = new List<string>();
            if (Ram is { } ram && Line.Entries.Count > 0)
            {
                advice.AddRange(CrashKernelAdvice.Of(Line, ram, Kexec.Release, Drill));
                if (Kexec.ReservationSize is { Value: 0 } && Line.On(ram).Error is null)
                {
                    advice.Add("Nothing is reserved although crashkernel= asks for it: the kernel found no free place, or the memory was "
                        + "given back; its log says which");
                }
            }
            else if (Line.Entries.Count == 0 && Kexec.ReservationSize is not { Value: > 0 })
            {
                advice.Add("Nothing is reserved: boot with crashkernel=, lifeboat crashkernel propose measures how much");
            }

            return advice;
        }
    }

    /// <summary>Reads the files of /proc, /sys, /run and /var/lib below <paramref name="root"/>; what is missing is unknown.</summary>
    public static ReservationStatus Read(string root = "/")
    {
        var tree = new SystemTree(root);
        KexecStatus kexec = KexecStatusReader.Read(tree);
        return new ReservationStatus
        {
            Kexec = kexec,
            Line = CrashKernelLine.OfCommandLine(tree.TryReadText("proc/cmdline") ?? ""),
            Ram = ReadRam(tree),
            Armed = kexec.IsArmed ? ArmedImage.Load(tree.PathOf(ArmedImage.DefaultPath)) : null,
            Drill = LastDrill.Parse(tree.TryReadStart(LastDrill.DefaultPath[1..], LastDrill.MaxBytes).Span),
        };
    }

    /// <summary>All RAM counts, also what the kernel has reserved since.</summary>
    private static ByteCount? ReadRam(SystemTree tree)
    {
        try
        {
            ulong sum = 0;
            foreach (PhysicalRange range in IomemMap.Parse(tree.TryReadText("proc/iomem") ?? "").Matching(
                static name => name.StartsWith("System RAM", StringComparison.Ordinal)))
            {
                sum += range.Length.Value;
            }

            return sum == 0 ? MachineReader.ReadTotalRam(tree) : new ByteCount(sum);
        }
        catch (DiagnosticException)
        {
            return MachineReader.ReadTotalRam(tree);
        }
    }
}
