using System.Buffers.Binary;
using Lifeboat.Vmcore.Elf;

namespace Lifeboat.Vmcore.Erasing;

/// <summary>The ELF note of what was erased: name ERASEINFO, type 0, as makedumpfile writes it.</summary>
internal static class EraseInfoNote
{
    private const int HeaderSize = 12;
    private const int NameSize = 12; // with its NUL 10, to a multiple of 4

    private static ReadOnlySpan<byte> Name => "ERASEINFO"u8;

    /// <summary>The content of the first such note; empty when there is none.</summary>
    internal static ReadOnlyMemory<byte> Find(ReadOnlyMemory<byte> notes)
    {
        var walk = new ElfNotes(notes.Span);
        while (walk.MoveNext())
        {
            if (walk.Name.SequenceEqual(Name))
            {
                // What is counted beforehand and not needed is zeros.
                int length = walk.Content.TrimEnd((byte)0).Length;
                return notes.Slice(walk.ContentOffset, length);
            }
        }

        return default;
    }

    /// <summary>Notes without any such.</summary>
    internal static ReadOnlyMemory<byte> Without(ReadOnlyMemory<byte> notes)
    {
        if (Find(notes).IsEmpty)
        {
            return notes;
        }

        byte[] left = new byte[notes.Length];
        int length = 0;
        int done = 0;
        var walk = new ElfNotes(notes.Span);
        while (walk.MoveNext())
        {
            int end = Math.Min(notes.Length, walk.ContentOffset + Align4(walk.Content.Length));
            if (!walk.Name.SequenceEqual(Name))
            {
                notes.Span[done..end].CopyTo(left.AsSpan(length));
                length += end - done;
            }

            done = end;
        }

        // Behind the last note stands padding, or what cannot be told to be one.
        notes.Span[done..].CopyTo(left.AsSpan(length));
        return left.AsMemory(0, length + notes.Length - done);
    }

    /// <summary>Notes with one more that has a text; the same notes when there is no text.</summary>
    internal static ReadOnlyMemory<byte> With(ReadOnlyMemory<byte> notes, ReadOnlyMemory<byte> text)
    {
        if (text.IsEmpty)
        {
            return notes;
        }

        // First: a walk ends at what is damaged, which may be anywhere in the notes of a crashed machine.
        byte[] all = new byte[HeaderSize + NameSize + Align4(text.Length) + notes.Length];
        BinaryPrimitives.WriteInt32LittleEndian(all, Name.Length + 1);
        BinaryPrimitives.WriteInt32LittleEndian(all.AsSpan(4), text.Length);
        Name.CopyTo(all.AsSpan(HeaderSize));
        text.Span.CopyTo(all.AsSpan(HeaderSize + NameSize));
        notes.Span.CopyTo(all.AsSpan(all.Length - notes.Length));
        return all;
    }

    private static int Align4(int size) => (size + 3) & ~3;
}
