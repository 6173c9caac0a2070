namespace Lifeboat.Vmcore.Pages;

/// <summary>
/// What page classes need to know of a kernel: VMCOREINFO's keys, and where it lacks one the kernel's own types.
/// </summary>
/// <remarks>
/// <para>The types are opened at the first key that is missing, which on most kernels never comes: it takes time and
/// memory, both short in a capture kernel.</para>
/// </remarks>
internal sealed class PageKeys(Vmcoreinfo info, Func<IKernelLayouts?>? openLayouts = null)
{
    internal const int Missing = -1;

    // Kernels name up to 64 flags of a page by number; a larger value of the same name is a mask of a page's type.
    private const int FlagBits = 64;

    private IKernelLayouts? _layouts;
    private Func<IKernelLayouts?>? _openLayouts = openLayouts;

    internal Vmcoreinfo Info => info;

    /// <summary>The kernel's types; null when they are not to be had.</summary>
    internal IKernelLayouts? Layouts
    {
        get
        {
            if (_openLayouts is { } open)
            {
                _openLayouts = null;
                _layouts = open();
            }

            return _layouts;
        }
    }

    /// <summary><c>SIZE(structure)</c>; <see cref="Missing"/> when unknown.</summary>
    internal int Size(string structure) =>
        info.TryGetSize(structure, out int bytes) || Layouts?.TryGetSize(structure, out bytes) == true
            ? bytes : Missing;

    /// <summary><c>OFFSET(structure.member)</c>; <see cref="Missing"/> when unknown.</summary>
    internal int Offset(string structure, string member) =>
        info.TryGetOffset($"{structure}.{member}", out int bytes)
            || (Layouts?.TryGetOffset(structure, member, out bytes) == true && bytes >= 0)
            ? bytes : Missing;

    /// <summary>Where a member of <c>struct page</c> is, if all of it lies within.</summary>
    internal int PageOffset(string member, int pageSize, int width)
    {
        int offset = Offset("page", member);
        return offset >= 0 && offset <= pageSize - width ? offset : Missing;
    }

    /// <summary>A flag of a page (<c>NUMBER(PG_lru)</c>) as a mask; 0 when unknown.</summary>
    internal ulong Flag(string name) => ExportedFlag(name) is var flag and not 0 ? flag
        : Layouts?.TryGetEnumerator(name, out long bit) == true && bit is >= 0 and < FlagBits ? 1UL << (int)bit : 0;

    /// <summary>The same from VMCOREINFO alone, for flags that kernels may well lack.</summary>
    internal ulong ExportedFlag(string name) =>
        info.TryGetNumber(name, out long bit) && bit is >= 0 and < FlagBits ? 1UL << (int)bit : 0;

    /// <summary>A type of pages from VMCOREINFO alone: <c>NUMBER(PAGE_BUDDY_MAPCOUNT_VALUE)</c>.</summary>
    internal PageType ExportedType(string name) =>
        info.TryGetNumber($"PAGE_{name.ToUpperInvariant()}_MAPCOUNT_VALUE", out long value)
            ? PageType.FromExported(unchecked((uint)value)) : PageType.None;

    /// <summary>The same, or from the kernel's types: <c>PGTY_buddy</c> (6.12), <c>PG_buddy</c> as a mask (6.11).</summary>
    internal PageType Type(string name)
    {
        PageType exported = ExportedType(name);
        return !exported.IsNone || Layouts is not { } layouts ? exported
            : layouts.TryGetEnumerator($"PGTY_{name}", out long number) && number is > 0 and < 256
                ? PageType.FromExported((uint)number << 24)
            : layouts.TryGetEnumerator($"PG_{name}", out long mask) && mask is >= FlagBits and <= uint.MaxValue
                ? PageType.FromExported(~(uint)mask)
            : PageType.None;
    }
}
