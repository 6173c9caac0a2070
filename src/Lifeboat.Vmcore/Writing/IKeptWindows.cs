namespace Lifeboat.Vmcore.Writing;

/// <summary>Which pages are kept, a window of the bitmap at a time.</summary>
internal interface IKeptWindows
{
    /// <summary>The bits of the window that begins at <paramref name="startPfn"/>; quick when windows are asked for upwards.</summary>
    void ReadKept(ulong startPfn, Span<byte> kept);
}
