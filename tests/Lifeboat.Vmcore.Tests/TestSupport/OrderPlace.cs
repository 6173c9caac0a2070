namespace Lifeboat.Vmcore.Tests.TestSupport;

/// <summary>Where a compound page's order stands.</summary>
internal enum OrderPlace
{
    /// <summary><c>page.compound_order</c> of the second page.</summary>
    Page,

    /// <summary><c>folio._folio_order</c>, which is the same byte.</summary>
    Folio,

    /// <summary>The low byte of the second page's flags.</summary>
    Flags,
}
