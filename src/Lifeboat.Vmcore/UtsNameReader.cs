using System.Text;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Vmcore;

/// <summary>Reads <c>init_uts_ns.name</c>, the identity of a running kernel, out of its memory.</summary>
public static class UtsNameReader
{
    private const int FieldLength = 65;
    private const int FieldCount = 6;
    private const int OldOffset = 4;

    /// <summary>The identity; null when VMCOREINFO does not say where it is, or it cannot be read.</summary>
    public static DumpUtsName? TryRead(AddressSpace space, Vmcoreinfo info)
    {
        if (!info.TryGetSymbol("init_uts_ns", out VirtualAddress address))
        {
            return null;
        }

        // Kernels before 5.11 do not export it: a reference count of 4 bytes stands before the name.
        bool isExported = info.TryGetOffset("uts_namespace.name", out int offset);
        offset = isExported ? offset : OldOffset;

        Span<byte> bytes = stackalloc byte[FieldLength * FieldCount];
        if (space.Read(address + new ByteCount((ulong)offset), bytes, out _) < bytes.Length)
        {
            return null;
        }

        string[] fields = new string[FieldCount];
        for (int i = 0; i < FieldCount; i++)
        {
            ReadOnlySpan<byte> field = bytes.Slice(i * FieldLength, FieldLength);
            int end = field.IndexOf((byte)0);
            fields[i] = Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
        }

        if (!isExported && fields[2] != info.OsRelease)
        {
            return null;
        }

        return new DumpUtsName(fields[0], fields[1], fields[2], fields[3], fields[4], fields[5]);
    }
}
