using System.Buffers.Binary;
using Lifeboat.Cli.Output;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Kernel;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Cli.Personalities.Makedumpfile;

/// <summary><c>--dump-dmesg</c>: writes the kernel's log to a file, or to standard output with <c>-F</c>.</summary>
internal static class LogExtraction
{
    public static void Run(MakedumpfileSettings settings, MakedumpfileMessages messages)
    {
        using DumpSource dump = MakedumpfileInput.Open(settings);
        var log = KernelLog.Read(dump);
        foreach (Diagnostic diagnostic in log.Diagnostics)
        {
            messages.Error("dump_dmesg", diagnostic.ToString());
        }

        if (log.Records.Count == 0 && log.Diagnostics.Count > 0)
        {
            throw new MakedumpfileException("dump_dmesg", "Can't get the log.");
        }

        byte[] text = TextOf(log, settings.WritesPartialLog ? ReadClearedUpTo(dump) : 0);
        int length = text.Length;
        if (settings.MaxSize is { } limit && limit.Value < (ulong)length)
        {
            length = (int)limit.Value;
        }

        Write(text.AsSpan(0, length), settings);
        if (length < text.Length)
        {
            throw new MakedumpfileException(
                null,
                $"\nCan't write the log file({settings.Dumpfile}). Size limit({settings.MaxSize!.Value.Value}) reached.");
        }
    }

    private static byte[] TextOf(KernelLog log, ulong first)
    {
        using var text = new MemoryStream();
        foreach (LogRecord record in log.Records)
        {
            if (record.Sequence >= first)
            {
                LogLines.WriteWithCaller(record, text);
            }
        }

        return text.ToArray();
    }

    private static void Write(ReadOnlySpan<byte> text, MakedumpfileSettings settings)
    {
        if (settings.IsFlattened)
        {
            using FileStream output = StandardStreams.OpenOutput();
            output.Write(text);
            return;
        }

        DumpFiles.ClearForWriting(settings.Dumpfile, [settings.Memory], mayOverwrite: true);
        using var file = OutputFile.Create(settings.Dumpfile);
        file.WriteAt(new FileOffset(0), text);
        file.Sync();
    }

    /// <summary>The number of the first record after <c>dmesg --clear</c> (clear_seq); 0 when it is not known.</summary>
    private static ulong ReadClearedUpTo(DumpSource dump)
    {
        var space = AddressSpace.OpenKernel(dump);
        if (!dump.Vmcoreinfo.TryGetSymbol("clear_seq", out VirtualAddress place) || !TryRead(space, place, out ulong value))
        {
            return 0;
        }

        // Since 5.13 a struct latched_seq: the low bit of its own number says which of two values stands.
        if (!dump.Vmcoreinfo.TryGetSize("latched_seq", out _) || !dump.Vmcoreinfo.TryGetOffset("latched_seq.val", out int offset))
        {
            return value;
        }

        var latched = new ByteCount((ulong)offset + ((value & 1) * sizeof(ulong)));
        return TryRead(space, place + latched, out value) ? value : 0;
    }

    private static bool TryRead(AddressSpace space, VirtualAddress address, out ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bool isRead = space.Read(address, bytes, out _) == bytes.Length;
        value = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return isRead;
    }
}
