using System.Text;
using Lifeboat.Core.Memory;
using Lifeboat.Kernel;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Capture.Tests;

/// <summary>A machine without memory, and steps that save it without asking the rooms below.</summary>
internal sealed class FakeDump : DumpSource
{
    public override string Path => "fake";

    public override string FormatName => "fake";

    public override bool IsIncomplete => false;

    public override IReadOnlyList<PhysicalRange> RamRanges => [];

    public override ReadOnlyMemory<byte> Notes => default;

    public override Vmcoreinfo Vmcoreinfo { get; } =
        Vmcoreinfo.Parse(Encoding.UTF8.GetBytes("OSRELEASE=6.1.0-test\nCRASHTIME=1769869353\n"));

    public override Pfn EndPfn => default;

    public static CaptureSteps Steps { get; } = new()
    {
        Open = _ => new FakeDump(),
        ReadIdentity = _ => new KernelIdentity("Linux", "web1", "6.1.0-test", "#1", "x86_64"),
        ReadLog = _ => ([new LogRecord(0, 1_500_000_000, 6, 0, 0, "first"), new LogRecord(1, 2_000_000_000, 0, 0, 0, "Kernel panic")], []),
        MakeReport = (_, _, folder, _) =>
        {
            foreach (string file in (string[])["report.json", "report.txt", "report.html"])
            {
                File.WriteAllText(System.IO.Path.Combine(folder, file), "a report ok");
            }

            return null;
        },
        MakeLogReport = (_, _, _, _) => "it ended with exit code 1",
        WriteDump = (_, path, _, progress, _) =>
        {
            progress!.Report(new DumpProgress(DumpStage.Write, 1, 2, new ByteCount(4)));
            File.WriteAllBytes(path, "the dump"u8.ToArray());
            return new DumpWriteResult(new ByteCount(8), new PageCounts { Total = 9, Kept = 4, Free = 5 }, []);
        },
    };

    public static DumpWriteResult Stream(
        DumpSource source, Stream stream, DumpWriteOptions options, IProgress<DumpProgress>? progress, CancellationToken cancellationToken)
    {
        stream.Write("the dump"u8);
        return new DumpWriteResult(new ByteCount(8), new PageCounts { Total = 9, Kept = 4, Free = 5 }, []);
    }

    public override PageState GetPageState(Pfn pfn) => PageState.NotRam;

    public override int Read(PhysicalAddress address, Span<byte> destination, out MemoryFault fault)
    {
        fault = default;
        return 0;
    }
}
