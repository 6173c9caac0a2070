using System.Buffers.Binary;
using System.Text;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.TestSupport;

/// <summary>Writes ELF vmcores as /proc/vmcore gives them: one note segment, one segment of RAM from address 0.</summary>
internal static class CoreFile
{
    private const int PageSize = 4096;
    private const int HeaderSize = 64;
    private const int ProgramHeaderSize = 56;

    /// <summary>A whole fake kernel.</summary>
    internal static byte[] Of(FakeKernel kernel)
    {
        byte[] ram = new byte[kernel.Memory.Size];
        foreach ((ulong pfn, byte[] page) in kernel.Memory.Pages)
        {
            page.CopyTo(ram.AsSpan((int)(pfn * PageSize)));
        }

        return Of(ram, kernel.InfoBytes);
    }

    /// <summary>RAM and the text of VMCOREINFO.</summary>
    internal static byte[] Of(ReadOnlySpan<byte> ram, ReadOnlySpan<byte> vmcoreinfo)
    {
        byte[] note = Note("VMCOREINFO", vmcoreinfo);
        int noteOffset = HeaderSize + (2 * ProgramHeaderSize);
        int ramOffset = (noteOffset + note.Length + PageSize - 1) & ~(PageSize - 1);
        byte[] file = new byte[ramOffset + ram.Length];
        ReadOnlySpan<byte> identification = [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        identification.CopyTo(file);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(16), 4); // ET_CORE
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(18), 62); // EM_X86_64
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(20), 1);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(32), HeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(52), HeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(54), ProgramHeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(56), 2);
        WriteSegment(file.AsSpan(HeaderSize), 4, noteOffset, note.Length); // PT_NOTE
        WriteSegment(file.AsSpan(HeaderSize + ProgramHeaderSize), 1, ramOffset, ram.Length); // PT_LOAD
        note.CopyTo(file, noteOffset);
        ram.CopyTo(file.AsSpan(ramOffset));
        return file;
    }

    private static void WriteSegment(Span<byte> header, uint type, int offset, int length)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header, type);
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], offset);
        BinaryPrimitives.WriteInt64LittleEndian(header[32..], length);
        BinaryPrimitives.WriteInt64LittleEndian(header[40..], length);
    }

    private static byte[] Note(string name, ReadOnlySpan<byte> content)
    {
        int contentOffset = 12 + ((name.Length + 1 + 3) & ~3);
        byte[] note = new byte[contentOffset + ((content.Length + 3) & ~3)];
        BinaryPrimitives.WriteInt32LittleEndian(note, name.Length + 1);
        BinaryPrimitives.WriteInt32LittleEndian(note.AsSpan(4), content.Length);
        Encoding.ASCII.GetBytes(name, note.AsSpan(12));
        content.CopyTo(note.AsSpan(contentOffset));
        return note;
    }
}
