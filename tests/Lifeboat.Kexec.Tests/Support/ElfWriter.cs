using System.Buffers.Binary;
using System.Text;

namespace Lifeboat.Kexec.Tests.Support;

/// <summary>Writes small ELF files of 32 or 64 bit: headers at the start, contents where the segments say.</summary>
internal sealed class ElfWriter
{
    internal const string Banner =
        "Linux version 6.1.0-test (builder@host) (gcc-12 (Debian 12.2.0-14) 12.2.0, GNU ld) #1 SMP PREEMPT_DYNAMIC\n";

    internal const ulong KernelMap = 0xffffffff80000000;

    internal bool Wide { get; init; } = true;
    internal ushort Type { get; init; } = 2;
    internal ushort Machine { get; init; } = 62;
    internal ulong Entry { get; init; }
    internal required IReadOnlyList<Segment> Segments { get; init; }

    /// <summary>A PT_LOAD whose content lies at <paramref name="Offset"/> of the file.</summary>
    internal sealed record Segment(ulong Offset, ulong Physical, ulong Virtual, byte[] Content, ulong MemorySize, uint Type = 1);

    /// <summary>A kernel as the kernel's linker script makes one, with less in it.</summary>
    internal static byte[] Kernel()
    {
        byte[] text = TestPlans.Bytes(0x1800);
        Encoding.ASCII.GetBytes(Banner).CopyTo(text, 0x900);
        return new ElfWriter
        {
            Entry = 0x1000000,
            Segments =
            [
                new(0x1000, 0x1000000, KernelMap + 0x1000000, text, 0x1800),
                new(0x3000, 0x1200000, KernelMap + 0x1200000, TestPlans.Bytes(0x1000), 0x1000),
                new(0x5000, 0x1201000, 0, TestPlans.Bytes(0x800), 0x800),
                new(0x6000, 0x1202000, KernelMap + 0x1202000, TestPlans.Bytes(0x2000), 0x300000),
                new(0x1100, 0x1000100, KernelMap + 0x1000100, text[0x100..0x120], 0x20, Type: 4),
            ],
        }.Write();
    }

    internal byte[] Write()
    {
        ulong end = 0x400;
        foreach (Segment segment in Segments)
        {
            end = Math.Max(end, segment.Offset + (ulong)segment.Content.Length);
        }

        var file = new byte[end];
        foreach (Segment segment in Segments)
        {
            segment.Content.CopyTo(file, (long)segment.Offset);
        }

        int header = Wide ? 64 : 52;
        int size = Wide ? 56 : 32;
        new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', (byte)(Wide ? 2 : 1), 1, 1 }.CopyTo(file, 0);
        Put16(file, 0x10, Type);
        Put16(file, 0x12, Machine);
        Put32(file, 0x14, 1);
        PutWord(file, 0x18, Entry);
        PutWord(file, Wide ? 0x20 : 0x1c, (ulong)header);
        Put16(file, Wide ? 0x34 : 0x28, (ushort)header);
        Put16(file, Wide ? 0x36 : 0x2a, (ushort)size);
        Put16(file, Wide ? 0x38 : 0x2c, (ushort)Segments.Count);
        for (int i = 0; i < Segments.Count; i++)
        {
            int at = header + (i * size);
            Segment segment = Segments[i];
            Put32(file, at, segment.Type);
            Put32(file, at + (Wide ? 4 : 24), 7);
            PutWord(file, at + (Wide ? 8 : 4), segment.Offset);
            PutWord(file, at + (Wide ? 16 : 8), segment.Virtual);
            PutWord(file, at + (Wide ? 24 : 12), segment.Physical);
            PutWord(file, at + (Wide ? 32 : 16), (ulong)segment.Content.Length);
            PutWord(file, at + (Wide ? 40 : 20), segment.MemorySize);
        }

        return file;
    }

    private static void Put16(byte[] file, int at, ushort value) =>
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), value);

    private static void Put32(byte[] file, int at, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);

    private void PutWord(byte[] file, int at, ulong value)
    {
        if (Wide)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(at), value);
        }
        else
        {
            Put32(file, at, (uint)value);
        }
    }
}
