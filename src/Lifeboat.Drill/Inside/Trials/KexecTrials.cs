using System.Globalization;
using System.Runtime.InteropServices;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Drill.Inside.Interop;
using Lifeboat.Kexec.Rules;

namespace Lifeboat.Drill.Inside.Trials;

/// <summary>
/// Holds the kernel's rules against the running kernel: makes seeded random calls of kexec_load, and compares what it
/// answers with what the rules say. For guests only: it replaces and unloads what is loaded.
/// </summary>
public static class KexecTrials
{
    /// <summary>The hidden first argument that makes the program run trials; how many and the seed follow.</summary>
    public const string Argument = "drill-kexec-trials";

    private const long KexecLoadNumber = 246;
    private const int MapFixed = 0x10;
    private const int MaxTold = 20;

    /// <summary>Runs trials.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">The seed of the calls.</param>
    /// <param name="output">Gets how often each errno and each rule came, and the calls that came out otherwise.</param>
    /// <returns>How many calls came out otherwise.</returns>
    /// <exception cref="FormatException">An argument is no number.</exception>
    /// <exception cref="KernelInterfaceException">The kernel gave no memory.</exception>
    public static int Run(string count, string seed, TextWriter output)
    {
        int calls = int.Parse(count, CultureInfo.InvariantCulture);
        TrialMemory memory = Allocate();
        KexecEnvironment environment = TrialCalibration.Settle(
            KexecEnvironment.ReadLive(), memory, trial => Call(trial, memory));
        var maker = new KexecTrialMaker(int.Parse(seed, CultureInfo.InvariantCulture), environment, memory);
        var tally = new TrialTally();
        int differences = 0;
        for (int number = 0; number < calls; number++)
        {
            KexecTrial trial = maker.Next();
            IReadOnlyList<KexecRuleOutcome> outcomes = KexecRules.Check(trial.ToCall(memory), environment);
            KexecRuleOutcome? broken = KexecRuleOutcome.FirstBroken(outcomes);
            Errno expected = broken?.Rule.Errno ?? Errno.None;
            Errno answer = Call(trial, memory);
            tally.Count($"answer: {answer} {(trial.IsForCrash ? "crash" : "reboot")}");
            tally.Count($"broken rule: {broken?.Rule.Name ?? (trial.Count == 0 ? "none, unloads" : "none")}");
            if (answer != expected && ++differences <= MaxTold)
            {
                output.WriteLine($"differs: call {number}: {answer}, expected {expected} ({broken?.Rule.Name}): {trial}");
            }
        }

        Unload(memory);
        tally.WriteTo(output);
        output.WriteLine($"machine: {environment.Version}, reservation {environment.Reservation}, RAM {environment.TotalRam}, "
            + $"five levels {environment.FiveLevelPaging}, pages of 1 GiB {environment.GigabytePages}, "
            + $"for whole ones {environment.MapsWholeGigabytes}, separate top table {environment.SeparateTopTable}");
        output.WriteLine($"trials: {calls} calls, seed {seed}, {differences} differ");
        return differences;
    }

    private static unsafe Errno Call(KexecTrial trial, TrialMemory memory)
    {
        // Safety: the list's pages are ours and hold 256 segments; a trial has at most a few dozen.
        var list = new Span<ulong>((void*)memory.Start, TrialMemory.ListPages * Pfn.PageSize / sizeof(ulong));
        for (int i = 0; i < trial.Segments.Count; i++)
        {
            trial.Segments[i].Words.CopyTo(list[(i * 4)..]);
        }

        return unchecked(LibC.Call(
            KexecLoadNumber, (nuint)trial.Entry, (nuint)trial.Count, (nuint)(trial.List ?? memory.Start), (nuint)trial.Flags)) == 0
            ? Errno.None
            : (Errno)Marshal.GetLastPInvokeError();
    }

    private static void Unload(TrialMemory memory)
    {
        foreach (ulong flags in (ReadOnlySpan<ulong>)[0, 1])
        {
            _ = Call(new KexecTrial { Flags = flags }, memory);
        }
    }

    private static TrialMemory Allocate()
    {
        const int Readable = (TrialMemory.ListPages + TrialMemory.ContentPages) * Pfn.PageSize;
        nint start = LibC.MapMemory(
            0, Readable + (TrialMemory.GuardPages * Pfn.PageSize), 0, LibC.MapPrivateAnonymous, -1, 0);
        if (start == -1 || LibC.MapMemory(
            start, Readable, LibC.ProtReadWrite, LibC.MapPrivateAnonymous | MapFixed, -1, 0) == -1)
        {
            throw new KernelInterfaceException("mmap", null, (Errno)Marshal.GetLastPInvokeError());
        }

        return new TrialMemory((ulong)start);
    }
}
