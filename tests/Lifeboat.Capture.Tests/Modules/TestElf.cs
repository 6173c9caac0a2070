using System.Buffers.Binary;
using System.Text;

namespace Lifeboat.Capture.Tests.Modules;

/// <summary>Writes small ELF64 files: a kernel module with a .modinfo section, a program with or without a loader.</summary>
internal static class TestElf
{
    public static byte[] Module(params string[] information)
    {
        byte[] content = Encoding.UTF8.GetBytes(string.Concat(information.Select(line => line + "\0")));
        byte[] names = Encoding.ASCII.GetBytes("\0.modinfo\0.shstrtab\0");
        int contentStart = 64;
        int namesStart = contentStart + content.Length;
        int table = (namesStart + names.Length + 7) & ~7;
        byte[] file = new byte[table + (3 * 64)];
        Header(file, type: 1);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(40), (ulong)table);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(58), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(60), 3);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(62), 2);
        content.CopyTo(file, contentStart);
        names.CopyTo(file, namesStart);
        Section(file.AsSpan(table + 64), 1, contentStart, content.Length);
        Section(file.AsSpan(table + 128), 10, namesStart, names.Length);
        return file;
    }

    public static byte[] Program(bool dynamic)
    {
        byte[] file = new byte[64 + 56 + 16];
        Header(file, type: 2);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(32), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(54), 56);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(56), 1);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(64), dynamic ? 3u : 1u);
        return file;
    }

    /// <summary>A vmcore with one range of memory at 16 MiB and no notes.</summary>
    public static byte[] Core(ReadOnlySpan<byte> memory)
    {
        const int Start = 4096;
        byte[] file = new byte[Start + memory.Length];
        Header(file, type: 4);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(32), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(52), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(54), 56);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(56), 1);
        Span<byte> program = file.AsSpan(64, 56);
        BinaryPrimitives.WriteUInt32LittleEndian(program, 1);
        BinaryPrimitives.WriteUInt64LittleEndian(program[8..], Start);
        BinaryPrimitives.WriteUInt64LittleEndian(program[16..], 0xFFFF888001000000);
        BinaryPrimitives.WriteUInt64LittleEndian(program[24..], 0x1000000);
        BinaryPrimitives.WriteUInt64LittleEndian(program[32..], (ulong)memory.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(program[40..], (ulong)memory.Length);
        memory.CopyTo(file.AsSpan(Start));
        return file;
    }

    private static void Header(byte[] file, ushort type)
    {
        byte[] identification = [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        identification.CopyTo(file, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(16), type);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(18), 62);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(20), 1);
    }

    private static void Section(Span<byte> header, uint name, int offset, int size)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header, name);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], 1);
        BinaryPrimitives.WriteUInt64LittleEndian(header[24..], (ulong)offset);
        BinaryPrimitives.WriteUInt64LittleEndian(header[32..], (ulong)size);
    }
}
