namespace Lifeboat.Vmcore.Pages;

/// <summary>A type of pages, in the field that is <c>page->_mapcount</c> for pages of processes.</summary>
/// <remarks>
/// <para>Until 6.11 the kernel clears one bit of -1 for a type; makedumpfile's keys give what the whole field is then
/// (-129 for free pages). From 6.12 on the highest byte is the type's number and the rest may serve something
/// else.</para>
/// </remarks>
internal readonly record struct PageType
{
    private const uint NumberMask = 0xff00_0000;

    private readonly uint _value;
    private readonly uint _mask;

    private PageType(uint value, uint mask) => (_value, _mask) = (value, mask);

    /// <summary>The type that no page has.</summary>
    internal static PageType None { get; }

    internal bool IsNone => _mask == 0;

    /// <summary>The type that an exported value stands for; none for one that untyped pages have.</summary>
    internal static PageType FromExported(uint value) =>
        !IsTyped(value) ? None : new(value, (value & ~NumberMask) == 0 ? NumberMask : uint.MaxValue);

    /// <summary>Whether a field can be that of a typed page at all; most pages have none.</summary>
    internal static bool IsTyped(uint field) => field is >= 0x8000_0000 and < uint.MaxValue;

    internal bool Matches(uint field) => (field & _mask) == _value && _mask != 0;
}
