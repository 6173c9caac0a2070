using Lifeboat.Core.IO;
using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Machine;

/// <summary>A range of EFI's memory map (efi_memory_desc_t, version 1).</summary>
/// <param name="Type">What it is for.</param>
/// <param name="Start">Where it lies.</param>
/// <param name="Mapped">Where the running kernel maps it for the runtime services.</param>
/// <param name="Pages">Its size in pages of 4 KiB.</param>
/// <param name="Attributes">How it may be used.</param>
public sealed record EfiMemoryDescriptor(uint Type, PhysicalAddress Start, VirtualAddress Mapped, long Pages, long Attributes)
{
    /// <summary>Bytes of a descriptor.</summary>
    internal const int Size = 40;

    internal void WriteTo(Span<byte> bytes)
    {
        var writer = new SpanWriter(bytes);
        writer.WriteUInt32(Type);
        writer.WriteUInt32(0);
        writer.WriteUInt64(Start.Value);
        writer.WriteUInt64(Mapped.Value);
        writer.WriteUInt64(unchecked((ulong)Pages));
        writer.WriteUInt64(unchecked((ulong)Attributes));
    }
}
