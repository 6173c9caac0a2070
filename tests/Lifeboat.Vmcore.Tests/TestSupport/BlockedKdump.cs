using System.IO.Compression;
using Lifeboat.Vmcore.Kdump;

namespace Lifeboat.Vmcore.Tests.TestSupport;

/// <summary>Writes kdump-compressed files of any page size; those of QEMU for arm64 have 64 KiB.</summary>
internal sealed class BlockedKdump(int pageSize, string info)
{
    private readonly SortedDictionary<int, byte[]?> _pages = [];

    /// <summary>Adds a page of RAM: its bytes, or null when it was left out.</summary>
    internal BlockedKdump Add(int number, byte[]? bytes)
    {
        _pages[number] = bytes;
        return this;
    }

    /// <summary>The whole file, or a part of it with the pages of a range.</summary>
    internal byte[] ToArray((int First, int End)? part = null)
    {
        int pages = _pages.Keys.Last() + 1;
        var bitmaps = new byte[2 * pageSize];
        var descriptors = new List<PageDescriptor>();
        var data = new List<byte>();
        var kept = _pages.Where(page => page.Value is not null
            && (part is not { } range || (page.Key >= range.First && page.Key < range.End))).ToList();
        int dataStart = (4 * pageSize) + (kept.Count * PageDescriptor.Size);
        foreach ((int number, byte[]? bytes) in _pages)
        {
            bitmaps[number / 8] |= (byte)(1 << (number % 8));
            bitmaps[pageSize + (number / 8)] |= (byte)(bytes is null ? 0 : 1 << (number % 8));
        }

        foreach ((_, byte[]? bytes) in kept)
        {
            byte[] packed = Pack(bytes!);
            bool isRaw = packed.Length >= pageSize;
            descriptors.Add(new PageDescriptor
            {
                Offset = (ulong)(dataStart + data.Count),
                Length = (uint)(isRaw ? pageSize : packed.Length),
                Codec = isRaw ? DumpStatus.None : DumpStatus.Zlib,
            });
            data.AddRange(isRaw ? bytes! : packed);
        }

        byte[] file = new byte[dataStart + data.Count];
        byte[] note = ElfWriter.Note("VMCOREINFO", 0, System.Text.Encoding.ASCII.GetBytes(info));
        new DiskDumpHeader
        {
            Version = 6,
            UtsName = new DumpUtsName("Linux", "", "6.1", "", "aarch64", ""),
            Status = DumpStatus.Zlib,
            BlockSize = pageSize,
            SubHeaderBlocks = 1,
            BitmapBlocks = 2,
            MaxMapNumber = (uint)pages,
        }.WriteTo(file);
        new KdumpSubHeader
        {
            MaxMapNumber64 = (ulong)pages,
            NotesOffset = (ulong)pageSize + KdumpSubHeader.Size,
            NotesSize = (ulong)note.Length,
            Split = part is null ? 0 : 1,
            StartPfn64 = (ulong)(part?.First ?? 0),
            EndPfn64 = (ulong)(part?.End ?? 0),
        }.WriteTo(file.AsSpan(pageSize));
        note.CopyTo(file, pageSize + KdumpSubHeader.Size);
        bitmaps.CopyTo(file, 2 * pageSize);
        for (int i = 0; i < descriptors.Count; i++)
        {
            descriptors[i].WriteTo(file.AsSpan((4 * pageSize) + (i * PageDescriptor.Size)));
        }

        data.CopyTo(file, dataStart);
        return file;
    }

    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest))
        {
            zlib.Write(bytes);
        }

        return packed.ToArray();
    }
}
