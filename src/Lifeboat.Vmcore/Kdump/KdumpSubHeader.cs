using Lifeboat.Core.IO;

namespace Lifeboat.Vmcore.Kdump;

/// <summary>
/// The second block of a kdump-compressed file (<c>struct kdump_sub_header</c>, makedumpfile's diskdump_mod.h); fields
/// came with header versions 1 to 6, and those newer than a file's version are zero.
/// </summary>
internal readonly record struct KdumpSubHeader
{
    internal const int Size = 104;

    internal ulong PhysBase { get; init; }

    internal int DumpLevel { get; init; }

    internal int Split { get; init; }

    internal ulong StartPfn { get; init; }

    internal ulong EndPfn { get; init; }

    internal ulong VmcoreinfoOffset { get; init; }

    internal ulong VmcoreinfoSize { get; init; }

    internal ulong NotesOffset { get; init; }

    internal ulong NotesSize { get; init; }

    internal ulong EraseInfoOffset { get; init; }

    internal ulong EraseInfoSize { get; init; }

    internal ulong StartPfn64 { get; init; }

    internal ulong EndPfn64 { get; init; }

    internal ulong MaxMapNumber64 { get; init; }

    /// <summary>Bytes of the fields that a version has.</summary>
    internal static int LengthOf(int version) =>
        version switch { >= 6 => 104, 5 => 80, 4 => 64, 3 => 48, 2 => 32, 1 => 12, _ => 8 };

    internal static bool TryParse(ReadOnlySpan<byte> bytes, int version, out KdumpSubHeader header)
    {
        header = default;
        if (bytes.Length < Size)
        {
            return false;
        }

        // What a version does not have is not zero in the file, it is whatever the block holds there.
        Span<byte> known = stackalloc byte[Size];
        known.Clear();
        int length = LengthOf(version);
        bytes[..length].CopyTo(known);
        var reader = new SpanReader(known);
        header = new KdumpSubHeader
        {
            PhysBase = reader.ReadUInt64(),
            DumpLevel = reader.ReadInt32(),
            Split = reader.ReadInt32(),
            StartPfn = reader.ReadUInt64(),
            EndPfn = reader.ReadUInt64(),
            VmcoreinfoOffset = reader.ReadUInt64(),
            VmcoreinfoSize = reader.ReadUInt64(),
            NotesOffset = reader.ReadUInt64(),
            NotesSize = reader.ReadUInt64(),
            EraseInfoOffset = reader.ReadUInt64(),
            EraseInfoSize = reader.ReadUInt64(),
            StartPfn64 = reader.ReadUInt64(),
            EndPfn64 = reader.ReadUInt64(),
            MaxMapNumber64 = reader.ReadUInt64(),
        };
        return true;
    }

    internal void WriteTo(Span<byte> bytes)
    {
        var writer = new SpanWriter(bytes);
        writer.WriteUInt64(PhysBase);
        writer.WriteInt32(DumpLevel);
        writer.WriteInt32(Split);
        writer.WriteUInt64(StartPfn);
        writer.WriteUInt64(EndPfn);
        writer.WriteUInt64(VmcoreinfoOffset);
        writer.WriteUInt64(VmcoreinfoSize);
        writer.WriteUInt64(NotesOffset);
        writer.WriteUInt64(NotesSize);
        writer.WriteUInt64(EraseInfoOffset);
        writer.WriteUInt64(EraseInfoSize);
        writer.WriteUInt64(StartPfn64);
        writer.WriteUInt64(EndPfn64);
        writer.WriteUInt64(MaxMapNumber64);
    }
}
