using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore;

/// <summary>
/// A saved machine: its physical memory, what is known of every page, and the notes that came with it.
/// </summary>
/// <remarks>
/// <para><b>Construction.</b> <see cref="Open(string, DumpLimits?)"/> finds the format by content and reads headers only.</para>
/// <para><b>Memory.</b> Files are mapped in small windows and pages decompressed into a small cache, so that neither
/// resident memory nor address space grows with the machine.</para>
/// <para><b>Thread safety.</b> One thread at a time.</para>
/// </remarks>
public abstract class DumpSource : IPhysicalMemory, IDisposable
{
    /// <summary>The file that was opened.</summary>
    public abstract string Path { get; }

    /// <summary>The format for a person: <c>ELF</c>, <c>kdump-compressed v6</c>.</summary>
    public abstract string FormatName { get; }

    /// <summary>Whether the dump says of itself, or its length shows, that it was not written to the end.</summary>
    public abstract bool IsIncomplete { get; }

    /// <summary>Whether this is the memory of a running machine (/proc/kcore), which changes while it is read.</summary>
    public virtual bool IsLive => false;

    /// <summary>
    /// Bytes of the files as they lie on the disk; null where that means nothing, as with /proc/vmcore and a running
    /// machine.
    /// </summary>
    public virtual ByteCount? FileSize { get; internal set; }

    /// <summary>What was RAM, ascending and without overlap.</summary>
    public abstract IReadOnlyList<PhysicalRange> RamRanges { get; }

    /// <summary>The ELF notes (NT_PRSTATUS per CPU, VMCOREINFO), as they stand in the dump; may be empty.</summary>
    public abstract ReadOnlyMemory<byte> Notes { get; }

    /// <summary>What the dump says of what was erased in it (makedumpfile's eraseinfo); empty when nothing was.</summary>
    public virtual ReadOnlyMemory<byte> EraseInfo => default;

    /// <summary>
    /// What the crashed kernel exported about itself; <see cref="Vmcoreinfo.Empty"/> when the dump has none.
    /// </summary>
    public abstract Vmcoreinfo Vmcoreinfo { get; }

    /// <summary>The identity that the dump's own header gives; null in formats without one.</summary>
    public virtual DumpUtsName? HeaderUtsName => null;

    /// <summary>The level the dump was filtered at, when its header says so; null when unknown.</summary>
    public virtual DumpLevel? HeaderLevel => null;

    /// <summary>What is wrong with the dump and was tolerated.</summary>
    public virtual IReadOnlyList<Diagnostic> Diagnostics => [];

    /// <summary>One past the highest page frame that the dump knows of.</summary>
    public abstract Pfn EndPfn { get; }

    /// <summary>Opens a dump: an ELF vmcore (a file or /proc/vmcore), /proc/kcore or a kdump-compressed file, flattened or not.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">What to believe of it; null for <see cref="DumpLimits.Default"/>.</param>
    /// <exception cref="DumpFormatException">It is no dump of a known format, or its headers are damaged.</exception>
    /// <exception cref="KernelInterfaceException">It cannot be opened or read.</exception>
    public static DumpSource Open(string path, DumpLimits? limits = null) =>
        DumpFormatDetector.Open(path, limits ?? DumpLimits.Default);

    /// <summary>Opens the parts of a split dump as one, in any order; pages of a part that is missing are truncated.</summary>
    /// <param name="paths">The files; a single one is opened as <see cref="Open(string, DumpLimits?)"/> does.</param>
    /// <param name="limits">What to believe of them; null for <see cref="DumpLimits.Default"/>.</param>
    /// <exception cref="DumpFormatException">They are not parts of one dump, or headers are damaged.</exception>
    /// <exception cref="KernelInterfaceException">One cannot be opened or read.</exception>
    public static DumpSource Open(IReadOnlyList<string> paths, DumpLimits? limits = null) =>
        DumpFormatDetector.Open(paths, limits ?? DumpLimits.Default);

    /// <summary>
    /// Opens a dump that arrives on a stream that cannot seek, of any format. Its bytes are put into a file without a
    /// name, which is gone when the dump is closed.
    /// </summary>
    /// <param name="stream">The stream, read to its end.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="temporaryFolder">A folder with room for all of it.</param>
    /// <param name="limits">What to believe of it; null for <see cref="DumpLimits.Default"/>.</param>
    /// <param name="cancellationToken">Ends the reading of the stream early.</param>
    /// <exception cref="DumpFormatException">It is no dump of a known format, or its headers are damaged.</exception>
    /// <exception cref="KernelInterfaceException">The file cannot be written.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static DumpSource OpenStream(
        Stream stream, string name, string temporaryFolder, DumpLimits? limits = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        limits ??= DumpLimits.Default;
        return DumpFormatDetector.Open(
            DumpStream.Keep(stream, name, temporaryFolder, limits, cancellationToken), limits);
    }

    /// <summary>What the dump has of a page.</summary>
    public abstract PageState GetPageState(Pfn pfn);

    /// <summary>What the dump has of every page from <paramref name="start"/> on, one entry a page.</summary>
    public virtual void GetPageStates(Pfn start, Span<PageState> states)
    {
        for (int i = 0; i < states.Length; i++)
        {
            states[i] = GetPageState(new Pfn(start.Value + (ulong)i));
        }
    }

    /// <summary>
    /// The state that all pages from <paramref name="start"/> to <paramref name="end"/> have, where the dump knows that
    /// without looking at each: headers may claim more pages than anyone can count one by one.
    /// </summary>
    /// <returns>False when the pages have to be asked for.</returns>
    internal virtual bool TryGetRun(Pfn start, out PageState state, out Pfn end)
    {
        (state, end) = (default, start);
        return false;
    }

    /// <inheritdoc/>
    public abstract int Read(PhysicalAddress address, Span<byte> destination, out MemoryFault fault);

    /// <summary>Whether <see cref="Read"/> of whole pages costs less than looking at them by <see cref="View"/>.</summary>
    internal virtual bool ReadsFaster => false;

    /// <summary>Memory where it lies in the mapped file, without a copy.</summary>
    /// <param name="address">The first byte.</param>
    /// <param name="length">The most bytes that are wanted.</param>
    /// <returns>The first of them, as many as lie together; none where <see cref="Read"/> is the way. Valid until the
    /// next call.</returns>
    internal virtual ReadOnlySpan<byte> View(PhysicalAddress address, int length) => default;

    /// <summary>
    /// The same dump for another thread, to be disposed before this one; null when only one thread can read it.
    /// </summary>
    /// <param name="isScattered">Whether reads will jump about, so that reading ahead of them is in vain.</param>
    internal virtual DumpSource? TryShare(bool isScattered = false) => null;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the file.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
