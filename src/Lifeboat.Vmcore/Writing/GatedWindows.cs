namespace Lifeboat.Vmcore.Writing;

/// <summary>Windows of a dump that other threads read too, one at a time.</summary>
internal sealed class GatedWindows(IKeptWindows windows, object gate) : IKeptWindows
{
    /// <inheritdoc/>
    public void ReadKept(ulong startPfn, Span<byte> kept)
    {
        lock (gate)
        {
            windows.ReadKept(startPfn, kept);
        }
    }
}
