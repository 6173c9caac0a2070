namespace Lifeboat.Vmcore.Pages;

/// <summary>
/// Layouts of the dumped kernel's own types, asked for what its VMCOREINFO does not export (BTF can answer).
/// </summary>
/// <remarks>
/// <para><b>Input.</b> What answers comes from the dump and may be damaged: every answer is checked by who asks. An
/// implementation reports what it cannot read as "not known" and does not throw.</para>
/// <para><b>Names.</b> As in the kernel's sources, without <c>struct</c>, <c>union</c> or <c>enum</c>.</para>
/// <para><b>Thread safety.</b> Asked by one thread at a time.</para>
/// </remarks>
public interface IKernelLayouts
{
    /// <summary>
    /// The offset of a member; one of an unnamed structure or union within counts as the outer structure's own.
    /// </summary>
    /// <param name="structure">The structure or union: <c>page</c>.</param>
    /// <param name="member">The member: <c>_mapcount</c>; members within members are separated by dots.</param>
    /// <param name="bytes">The offset from the structure's start, not negative.</param>
    /// <returns>False when it is not known, or is a bit field that does not begin at a byte.</returns>
    bool TryGetOffset(string structure, string member, out int bytes);

    /// <summary>The size of a structure or union.</summary>
    bool TryGetSize(string structure, out int bytes);

    /// <summary>The value of an enumerator (<c>PG_lru</c>) of any enumeration.</summary>
    bool TryGetEnumerator(string name, out long value);
}
