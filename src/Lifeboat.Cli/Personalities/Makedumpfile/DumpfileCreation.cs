using System.Globalization;
using Lifeboat.Cli.Output;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Symbols;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Paging;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Cli.Personalities.Makedumpfile;

/// <summary>Writes a dump as makedumpfile was asked to, at the first of the levels that fits.</summary>
internal sealed class DumpfileCreation(MakedumpfileSettings settings, MakedumpfileMessages messages, TimeProvider time)
{
    private const int MaxThreads = 64;
    private const string Incomplete = "This is an incomplete dumpfile, but might analyzable.";

    /// <summary>Writes it.</summary>
    /// <exception cref="MakedumpfileException">It cannot be written, or only in part.</exception>
    public void Run()
    {
        using DumpSource dump = MakedumpfileInput.Open(settings);
        RequireKernelInformation(dump);
        Translate(dump);
        for (int i = 0; i < settings.Levels.Count; i++)
        {
            DumpLevel level = LevelOf(dump, settings.Levels[i]);
            if (TryWrite(dump, level, isLast: i == settings.Levels.Count - 1, out DumpWriteResult? result))
            {
                Finish(dump, result!);
                return;
            }

            messages.Common(string.Create(
                CultureInfo.InvariantCulture, $"Retry to create a dumpfile by dump_level({settings.Levels[i + 1]})."));
        }
    }

    private void Finish(DumpSource dump, DumpWriteResult result)
    {
        foreach (Diagnostic notice in result.Notices)
        {
            // Of a dump that was filtered before, pages that are not there are what one expects.
            if (notice.Id == VmcoreDiagnosticIds.UnreadablePages && dump.HeaderLevel is not (null or DumpLevel.None))
            {
                messages.Debug(notice.ToString());
            }
            else
            {
                messages.Error("lifeboat", notice.ToString());
            }
        }

        MakedumpfileReport.Write(dump, result, messages);
        if (dump.IsIncomplete)
        {
            throw new MakedumpfileException(null, Incomplete);
        }
    }

    private bool TryWrite(DumpSource dump, DumpLevel level, bool isLast, out DumpWriteResult? result)
    {
        var options = new DumpWriteOptions
        {
            Level = level,
            Compression = settings.Compression ?? DumpCompression.None,
            Threads = Math.Clamp(settings.Threads, 1, MaxThreads),
            Layouts = BtfLayouts.Open,
            MaxSize = settings.MaxSize,
        };
        result = null;
        var progress = new MakedumpfileProgress(messages, time);
        try
        {
            result = settings.IsDryRun ? Measure(dump, options, progress) : Write(dump, options, progress);
            progress.Finish();
            messages.EndProgress();
            return true;
        }
        catch (KernelInterfaceException exception) when (exception.Errno is Errno.ENOSPC or Errno.EFBIG)
        {
            string why = exception.Errno == Errno.EFBIG && settings.MaxSize is { } limit
                ? $"Size limit({limit.Value}) reached." : MakedumpfilePersonality.TextOf(exception.Errno);
            messages.Common($"\nCan't write the dump file({settings.Dumpfile}). {why}");
            return isLast ? throw new MakedumpfileException(null, Incomplete) : false;
        }
    }

    // All the work, and nothing that stays of it.
    private DumpWriteResult Measure(DumpSource dump, DumpWriteOptions options, IProgress<DumpProgress>? progress = null) =>
        WriteTo(Stream.Null, dump, options, progress);

    private DumpWriteResult WriteTo(
        Stream stream, DumpSource dump, DumpWriteOptions options, IProgress<DumpProgress>? progress) => settings.IsElf
            ? ElfFileWriter.WriteFlattened(dump, stream, options, progress)
            : KdumpFileWriter.WriteFlattened(dump, stream, options, progress);

    private DumpWriteResult Write(DumpSource dump, DumpWriteOptions options, IProgress<DumpProgress> progress)
    {
        if (settings.IsFlattened)
        {
            using FileStream stream = StandardStreams.OpenOutput();
            return WriteTo(stream, dump, options, progress);
        }

        // Also what a level before this one has left.
        foreach (string file in settings.Dumpfiles)
        {
            DumpFiles.ClearForWriting(file, [settings.Memory], mayOverwrite: true);
        }

        return settings.IsElf ? ElfFileWriter.Write(dump, settings.Dumpfile, options, progress)
            : settings.Splits ? KdumpFileWriter.WriteSplit(dump, settings.Dumpfiles, options, progress)
            : KdumpFileWriter.Write(dump, settings.Dumpfile, options, progress);
    }

    // What a dump lost when it was filtered first stays lost, and the level that is written says so.
    private DumpLevel LevelOf(DumpSource dump, int asked)
    {
        var level = (DumpLevel)asked;
        if (dump.HeaderLevel is not { } before || (level | before) == level)
        {
            return level;
        }

        messages.Common(
            $"dump_level is changed to {(int)(level | before)}, because {settings.Memory} was created by dump_level({(int)before}).");
        return level | before;
    }

    private void RequireKernelInformation(DumpSource dump)
    {
        int highest = 0;
        foreach (int level in settings.Levels)
        {
            highest = Math.Max(highest, level);
        }

        if (highest > (int)DumpLevel.Zero && dump.Vmcoreinfo.IsEmpty)
        {
            throw new MakedumpfileException(
                null, $"{settings.Memory} doesn't contain vmcoreinfo.\nOnly -d 0 and -d 1 can be done without it.");
        }
    }

    private void Translate(DumpSource dump)
    {
        if (settings.AddressToTranslate == default)
        {
            return;
        }

        ulong address = settings.AddressToTranslate.Value;
        messages.Common($"\nTranslating virtual address {address:x} to physical address.");
        messages.Common("VIRTUAL           PHYSICAL");
        bool isThere = AddressSpace.OpenKernel(dump).TryTranslate(
            settings.AddressToTranslate, out PhysicalAddress physical, out _, out _);
        messages.Common($"{address,16:x}  {(isThere ? physical.Value : ulong.MaxValue):x}\n");
    }
}
