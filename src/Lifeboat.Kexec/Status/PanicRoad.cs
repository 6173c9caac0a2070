namespace Lifeboat.Kexec.Status;

/// <summary>
/// The road from trouble to a capture: for each kind of trouble, whether it becomes a panic as the machine is set now,
/// and whether the panic reaches a capture kernel.
/// </summary>
/// <remarks>
/// <code>
/// oops, lockup, NMI ... --panic_on_*--> panic --(crash_kexec_post_notifiers: notifiers)--> capture kernel, when one is loaded
///                    \                      \
///                     the machine goes on    none loaded: panic= seconds, then a restart, or never
/// </code>
/// </remarks>
/// <param name="Rows">One row for each kind of trouble, a panic itself first.</param>
/// <param name="Notes">What else decides whether a panic gets as far as the capture kernel.</param>
public sealed record PanicRoad(IReadOnlyList<PanicRoadRow> Rows, IReadOnlyList<string> Notes)
{
    /// <summary>Whether something grave would leave no dump.</summary>
    public bool HasGaps => Rows.Any(row => row.IsGap);

    internal static PanicRoad From(PanicSettings settings, bool? armed) => new(
        PanicRows.Of(settings, armed), armed == true ? NotesOf(settings) : []);

    private static List<string> NotesOf(PanicSettings settings)
    {
        var notes = new List<string>();
        if (settings.NotifiersFirst == true)
        {
            notes.Add("crash_kexec_post_notifiers = Y: the panic notifiers run first, and one that hangs ends the machine without a dump");
        }

        if (settings is { PanicPrint: > 0, NotifiersFirst: false })
        {
            notes.Add($"kernel.panic_print = {settings.PanicPrint}: prints nothing before a capture, as crash_kexec_post_notifiers = N");
        }

        return notes;
    }
}
