using System.Text;
using Lifeboat.Capture.ConsoleBlocks;
using Lifeboat.Capture.Manifest;
using Lifeboat.Capture.Stores;
using Lifeboat.Core.Compression;
using Lifeboat.Core.Sealing;
using Lifeboat.Kernel;
using Lifeboat.Vmcore;

namespace Lifeboat.Capture;

/// <summary>
/// Sends the end of the crash's log, and its report, to the console as a block, where no target took anything: clouds and
/// service processors keep what a console says.
/// </summary>
/// <remarks>
/// <code>
/// dmesg.txt       its end, at once: should the report take the machine with it, this is out already
/// report.txt      made by a process of its own, into the capture kernel's memory
/// manifest.json   why nothing was saved elsewhere
/// report.json     if all of it fits
/// </code>
/// <para>With keys to seal to, each is packed and sealed first (<c>dmesg.txt.gz.age</c>), and goes whole or not at all, as
/// nobody could open a part; the block's header tells nothing of the machine then.</para>
/// </remarks>
internal sealed class ConsoleRescue(
    CaptureSteps steps, CaptureReporter reporter, TimeProvider time, Action<string> writeLine)
{
    private const double ShareOfTheLog = 0.5;

    // Packed as well as text can be, more would not fit the block.
    private const int MaxLogBytes = 256 << 10;
    private const int MaxSealedLogBytes = 64 << 10;
    private const int MaxReportBytes = 4 << 20;

    /// <summary>Sends what there is; a part that cannot be had is told, and left out.</summary>
    /// <exception cref="Exception">The memory cannot be opened, or something that nobody foresaw: the caller goes on.</exception>
    internal void Send(ConsoleRescueRequest request)
    {
        var notices = new List<string>();
        CaptureRequest capture = request.Capture;
        using DumpSource source = steps.Open(capture.Vmcore);
        CaptureManifest manifest = request.Manifest ?? new CaptureManifest
        {
            ToolVersion = capture.ToolVersion,
            CaptureTime = time.GetUtcNow(),
            DumpLevel = (int)capture.Level,
            Tiers = [],
        };
        manifest = CrashIdentity.Add(manifest, source, capture, steps, notices) with { Reason = request.Reason };
        reporter.Note("nothing is saved: log and report follow on this console, lifeboat decode-console reads them");
        using var writer = new ConsoleBlockWriter(
            writeLine,
            HeaderOf(manifest, request),
            seed: time.GetTimestamp());
        if (ReadLog(source, request.SealTo is null ? MaxLogBytes : MaxSealedLogBytes, notices) is { } log)
        {
            Add(writer, request, CaptureRun.LogFile, log, ConsoleBlockKeep.Tail, ShareOfTheLog);
        }

        byte[]? json = null;
        if (capture.ReportProgram is { } program)
        {
            MakeReport(program, request, notices);
            json = ReadReport(capture.WorkFolder, CaptureRun.ReportDocument, notices);
            if (ReadReport(capture.WorkFolder, CaptureRun.ReportText, notices) is { } text)
            {
                Add(writer, request, CaptureRun.ReportText, text, ConsoleBlockKeep.Head);
            }
        }

        manifest = manifest with { Notices = [.. manifest.Notices, .. notices], Memory = new MemoryWatch().Report() };
        Add(writer, request, CaptureManifest.FileName, manifest.ToJson(), ConsoleBlockKeep.Whole);
        if (json is not null)
        {
            Add(writer, request, CaptureRun.ReportDocument, json, ConsoleBlockKeep.Whole);
        }

        writer.Finish();
    }

    private static ConsoleBlockHeader HeaderOf(CaptureManifest manifest, ConsoleRescueRequest request) => new()
    {
        Host = request.SealTo is null ? manifest.Host : null,
        KernelRelease = request.SealTo is null ? manifest.KernelRelease : null,
        CrashTime = request.SealTo is null ? manifest.CrashTime : null,
        CaptureTime = manifest.CaptureTime,
        Reason = request.SealTo is null ? request.Reason : "sealed",
        ToolVersion = request.Capture.ToolVersion,
    };

    private static void Add(
        ConsoleBlockWriter writer, ConsoleRescueRequest request, string name, byte[] content, ConsoleBlockKeep keep, double share = 1)
    {
        if (request.SealTo is not { } keys)
        {
            writer.Add(name, content, keep, share);
            return;
        }

        using var file = new MemoryStream();
        using (var seal = new SealingStream(file, keys, leaveOpen: true))
        {
            seal.Write(GzipArchive.Compress(content));
            seal.Finish();
        }

        writer.Add($"{name}.gz{SealedStore.Suffix}", file.ToArray(), ConsoleBlockKeep.Whole);
    }

    private byte[]? ReadLog(DumpSource source, int most, List<string> notices)
    {
        try
        {
            IReadOnlyList<LogRecord> records = steps.ReadLog(source).Records;
            int first = records.Count;
            int length = 0;
            var lines = new List<byte[]>();
            while (first > 0 && length < most)
            {
                byte[] line = Encoding.UTF8.GetBytes(records[--first].ToDmesgText() + "\n");
                lines.Add(line);
                length += line.Length;
            }

            using var text = new MemoryStream(length);
            for (int i = lines.Count - 1; i >= 0; i--)
            {
                text.Write(lines[i]);
            }

            return text.ToArray();
        }
#pragma warning disable CA1031 // Memory of a crashed machine can break any reader; a log that is lost must not cost the report.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Tell(notices, $"the log cannot be read: {CaptureRun.Words(error)}");
            return null;
        }
    }

    private void MakeReport(string program, ConsoleRescueRequest request, List<string> notices)
    {
        try
        {
            Directory.CreateDirectory(request.Capture.WorkFolder);
            if (steps.MakeSomeReport(
                program, request.Capture.Vmcore, request.Capture.WorkFolder, request.TimeForReport, text => Tell(notices, text)) is { } error)
            {
                Tell(notices, $"the report is not made: {error}");
            }
        }
#pragma warning disable CA1031 // A report that is lost must not cost the rest of the block.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Tell(notices, $"the report is not made: {CaptureRun.Words(error)}");
        }
    }

    private byte[]? ReadReport(string folder, string name, List<string> notices)
    {
        string path = Path.Combine(folder, name);
        try
        {
            long length = File.Exists(path) ? new FileInfo(path).Length : 0;
            if (length > MaxReportBytes)
            {
                Tell(notices, $"{name} is left out, it has {length} bytes");
            }

            return length is 0 or > MaxReportBytes ? null : File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Tell(notices, $"{name} cannot be read: {error.Message}");
            return null;
        }
    }

    private void Tell(List<string> notices, string text)
    {
        notices.Add(text);
        reporter.Note(text);
    }
}
