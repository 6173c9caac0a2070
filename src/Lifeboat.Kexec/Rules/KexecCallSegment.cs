using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Rules;

/// <summary>A segment as kexec_load is given it (struct kexec_segment), sound or not.</summary>
/// <param name="Name">What to call it in messages.</param>
/// <param name="Content">The bytes of its buffer (bufsz).</param>
/// <param name="Start">Where it goes (mem).</param>
/// <param name="Length">The memory it takes (memsz).</param>
public sealed record KexecCallSegment(string Name, ByteCount Content, PhysicalAddress Start, ByteCount Length)
{
    /// <summary>Whether every byte of the buffer can be read.</summary>
    public bool ContentReadable { get; init; } = true;

    /// <summary>Where it ends, as the kernel counts: a sum that does not fit begins again at zero.</summary>
    internal ulong End => unchecked(Start.Value + Length.Value);

    /// <summary>Its last byte, as the kernel counts: of an empty segment, the one before its start.</summary>
    internal ulong Last => unchecked(Start.Value + Length.Value - 1);

    /// <summary>The whole pages it takes.</summary>
    internal ulong Pages => unchecked(Length.Value + Pfn.PageSize - 1) >> Pfn.PageShift;

    /// <summary>The segment for a person.</summary>
    public override string ToString() => $"{Name} [{Start}, 0x{End:x}), content {Content.Value} bytes";
}
