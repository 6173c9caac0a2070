using System.Buffers.Binary;

namespace Lifeboat.Vmcore.Elf;

/// <summary>Walks the notes of a dump; stops quietly where they are damaged.</summary>
internal ref struct ElfNotes
{
    internal const uint TypeProcessStatus = 1;

    private const int HeaderSize = 12;
    private readonly ReadOnlySpan<byte> _bytes;
    private long _position;

    internal ElfNotes(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The current note's owner without its NUL.</summary>
    internal ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>The current note's type (n_type).</summary>
    internal uint Type { get; private set; }

    /// <summary>Where the current note's content begins.</summary>
    internal int ContentOffset { get; private set; }

    /// <summary>The current note's content.</summary>
    internal ReadOnlySpan<byte> Content { get; private set; }

    internal static bool TryFindVmcoreinfo(ReadOnlySpan<byte> notes, out int offset, out int length)
    {
        var walk = new ElfNotes(notes);
        while (walk.MoveNext())
        {
            if (walk.Name.SequenceEqual("VMCOREINFO"u8))
            {
                (offset, length) = (walk.ContentOffset, walk.Content.Length);
                return true;
            }
        }

        (offset, length) = (0, 0);
        return false;
    }

    /// <summary>How many CPUs left their registers.</summary>
    internal static int CountProcessStatus(ReadOnlySpan<byte> notes)
    {
        int count = 0;
        var walk = new ElfNotes(notes);
        while (walk.MoveNext())
        {
            if (walk.Type == TypeProcessStatus && walk.Name.SequenceEqual("CORE"u8))
            {
                count++;
            }
        }

        return count;
    }

    internal bool MoveNext()
    {
        if (_bytes.Length - _position < HeaderSize)
        {
            return false;
        }

        ReadOnlySpan<byte> header = _bytes.Slice((int)_position, HeaderSize);
        uint nameSize = BinaryPrimitives.ReadUInt32LittleEndian(header);
        uint contentSize = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        Type = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        long content = _position + HeaderSize + Align4(nameSize);
        if (content + contentSize > _bytes.Length)
        {
            return false;
        }

        ReadOnlySpan<byte> name = _bytes.Slice((int)_position + HeaderSize, (int)nameSize);
        Name = name.TrimEnd((byte)0);
        ContentOffset = (int)content;
        Content = _bytes.Slice((int)content, (int)contentSize);
        _position = content + Align4(contentSize);

        // A note without name and content is the padding of a per-CPU area that was never filled.
        return nameSize != 0 || contentSize != 0;
    }

    private static long Align4(uint size) => ((long)size + 3) & ~3L;
}
