using System.Globalization;
using Lifeboat.Capture.Manifest;
using Lifeboat.Core.Memory;
using Lifeboat.Drill.Guests;
using Lifeboat.Drill.Inside;
using Lifeboat.Drill.Verification;
using Lifeboat.Inspect.Reporting;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Drill.Reporting;

/// <summary>A drill's report as text for a person: the verdict, the timeline, then what was found.</summary>
public static class DrillReportText
{
    private const int BarWidth = 40;

    /// <summary>Writes the report.</summary>
    public static void Write(DrillReport report, TextWriter output)
    {
        WriteVerdict(report, output);
        WriteSetup(report, output);
        WriteTimeline(report, output);
        WriteLoaded(report, output);
        WriteMemory(report, output);
        WriteDump(report, output);
        WriteCrash(report, output);
        WriteConsole(report, output);
    }

    private static void WriteVerdict(DrillReport report, TextWriter output)
    {
        if (report.Failure is not { } failure)
        {
            output.WriteLine("PASSED: a crash of this kernel would be captured");
            return;
        }

        output.WriteLine($"FAILED: not reached: {failure.Stage.Describe()} (exit code {(int)failure.Stage})");
        output.WriteLine($"  what      {failure.What}");
        if (failure.Hint is not null)
        {
            output.WriteLine($"  hint      {failure.Hint}");
        }
    }

    private static void WriteSetup(DrillReport report, TextWriter output)
    {
        output.WriteLine();
        if (report.Kernel is { } kernel)
        {
            output.WriteLine($"  kernel    {report.KernelRelease ?? kernel.ImagePath} ({kernel.Origin})");
        }

        DrillOptions options = report.Options;
        string accelerator = report.Accelerator switch
        {
            null => "",
            { Accelerator: Accelerator.Kvm } choice => $", KVM ({choice.Reason})",
            { } choice => $", software emulation ({choice.Reason})",
        };
        output.WriteLine(
            $"  guest     {options.Memory} memory, {options.Cpus} CPUs, crashkernel={options.CrashKernelValue}{accelerator}");
        if (options.Crash != DrillCrash.Sysrq)
        {
            output.WriteLine($"  crash     {DrillCrashNames.NameOf(options.Crash)}");
        }

        if (report.SavedElsewhere is { } place)
        {
            output.WriteLine($"  saved     {PlainText.Printable(place)}: another host has the crash, which was not read back");
        }

        if (report.IsSealed)
        {
            output.WriteLine("  saved     sealed: sizes and SHA-256 were compared, nothing was opened");
        }

        if (options.Fault != DrillFault.None)
        {
            output.WriteLine($"  fault     {options.Fault}: broken on purpose");
        }
    }

    private static void WriteTimeline(DrillReport report, TextWriter output)
    {
        if (report.Milestones.Count == 0)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine("  Timeline");
        double whole = Math.Max(report.Milestones[^1].At.TotalSeconds, 0.001);
        foreach (DrillMilestone milestone in report.Milestones)
        {
            int from = (int)((milestone.At - milestone.Took).TotalSeconds / whole * BarWidth);
            int to = Math.Max(from + 1, (int)(milestone.At.TotalSeconds / whole * BarWidth));
            string bar = (new string(' ', Math.Min(from, BarWidth - 1)) + new string('█', to - from)).PadRight(BarWidth);
            output.WriteLine($"  {Seconds(milestone.At),7}  +{Seconds(milestone.Took),6}  {bar}  {milestone.Stage.Describe()}");
        }

        foreach ((string name, DrillStage to) in new[]
            { ("panic to log durable", DrillStage.LogSaved), ("panic to dump durable", DrillStage.DumpSaved) })
        {
            if (report.Between(DrillStage.Panic, to) is { } time)
            {
                output.WriteLine($"  {name}: {Seconds(time)} s");
            }
        }
    }

    private static void WriteLoaded(DrillReport report, TextWriter output)
    {
        if (report.Truth is not { Segments.Count: > 0 } truth)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine($"  Loaded into the reservation of {new ByteCount(truth.ReservedBytes)}");
        foreach (LoadedSegment segment in truth.Segments)
        {
            PhysicalRange range = PhysicalRange.FromLength(new PhysicalAddress(segment.Start), new ByteCount(segment.Length));
            output.WriteLine($"  {range,-28} {range.Length,10}  {segment.Name}");
        }
    }

    private static void WriteMemory(DrillReport report, TextWriter output)
    {
        if (report.Manifest?.Memory is not { TotalBytes: { } total } memory)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine("  Memory of the capture kernel");
        output.WriteLine($"  reserved  {report.Options.CrashKernel}, of which the kernel left {Bytes(total)} to use");
        if (memory.LowestAvailableBytes is { } lowest)
        {
            output.WriteLine($"  used      {Bytes(total - lowest)} at the most, {Bytes(lowest)} left at the tightest");
        }

        if (memory.PeakResidentBytes is { } peak)
        {
            output.WriteLine($"  capture   {Bytes(peak)} peak resident, ramdisk {report.CaptureRamdiskSize}, program {report.ProgramSize}");
        }
    }

    private static void WriteDump(DrillReport report, TextWriter output)
    {
        if (report.Manifest is not { } manifest)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine("  Saved");
        foreach (ManifestTier tier in manifest.Tiers)
        {
            string size = tier.Bytes is { } bytes ? Bytes(bytes).ToString() : "-";
            output.WriteLine($"  {tier.File,-16} {size,10}  {tier.Seconds.ToString("0.0", CultureInfo.InvariantCulture),6} s  "
                + $"{tier.Status}{(tier.Error is null ? "" : ": " + tier.Error)}");
        }

        if (report.Crash is { Ram.Value: > 0 } crash)
        {
            string share = (100.0 * crash.FileSize.Value / crash.Ram.Value).ToString("0.0", CultureInfo.InvariantCulture);
            output.WriteLine($"  dump      {crash.FileSize} for {crash.Ram} of RAM ({share} %)");
        }

        if (manifest.Pages is { } pages)
        {
            WritePages(pages, manifest.DumpLevel, output);
        }

        foreach (PatternResult pattern in report.Patterns)
        {
            output.WriteLine($"  known bytes, {pattern.Kind}: {pattern.Pages} pages, {pattern.Intact} intact, {pattern.Excluded} left out, "
                + $"{pattern.Wrong} wrong: {(pattern.IsRight ? "right" : "WRONG")} (level {manifest.DumpLevel} "
                + $"{(pattern.ShouldBeKept ? "keeps them" : "leaves them out")})");
        }

        if (report.KeptIn is not null)
        {
            output.WriteLine($"  kept in   {report.KeptIn}");
        }
    }

    private static void WritePages(PageCounts pages, int level, TextWriter output)
    {
        output.WriteLine($"  pages     {pages.Total} of RAM at dump level {level}");
        (string Name, ulong Count)[] classes =
        [
            ("kept", pages.Kept), ("zero", pages.Zero), ("free", pages.Free), ("cache", pages.Cache),
            ("private cache", pages.PrivateCache), ("user", pages.User), ("hwpoison", pages.HardwarePoison),
            ("offline", pages.Offline), ("unreadable", pages.Unreadable),
        ];
        foreach ((string name, ulong count) in classes)
        {
            if (count == 0)
            {
                continue;
            }

            // The manifest comes from the guest's disk: a class may claim to be larger than the whole.
            int width = (int)Math.Min(BarWidth, Math.Ceiling((double)count / Math.Max(1, pages.Total) * BarWidth));
            output.WriteLine($"    {name,-14} {count,9}  {new string('█', width)}");
        }
    }

    private static void WriteCrash(DrillReport report, TextWriter output)
    {
        if (report.SavedReport.Count > 0)
        {
            output.WriteLine();
            output.WriteLine("  What the capture kernel saved as report.txt");
            output.WriteLine();
            foreach (string line in report.SavedReport)
            {
                output.WriteLine(line.Length == 0 ? "" : "  " + line);
            }

            return;
        }

        if (report.Crash is not { } crash)
        {
            return;
        }

        output.WriteLine();
        output.Write("  What the dump says: ");
        CrashReportText.WriteCrash(crash, output);
        output.WriteLine();
        output.WriteLine("  The log's end");
        foreach (string line in crash.LogTail.TakeLast(12))
        {
            output.WriteLine($"    {line}");
        }
    }

    private static void WriteConsole(DrillReport report, TextWriter output)
    {
        if (report.Failure is not { ConsoleTail.Count: > 0 } failure)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine($"  The console's last {failure.ConsoleTail.Count} lines");
        foreach (string line in failure.ConsoleTail)
        {
            output.WriteLine($"    {line}");
        }
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);

    private static ByteCount Bytes(long count) => new((ulong)Math.Max(0, count));
}
