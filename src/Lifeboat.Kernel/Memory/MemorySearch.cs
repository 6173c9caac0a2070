using System.Text;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Kernel.Memory;

/// <summary>Looks for words or texts in memory.</summary>
/// <remarks>
/// <para><b>Hot path.</b> Memory is read in pieces that stay in the processor's cache; pages that the dump does not have are
/// passed over.</para>
/// <para><b>Thread safety.</b> One thread at a time.</para>
/// </remarks>
public sealed class MemorySearch
{
    private const int CopyBytes = 256 << 10;
    private const int LongestText = 64;
    private const ulong TableBytes = 2 << 20;

    private readonly CrashedKernel _kernel;
    private readonly WordMatcher? _words;
    private readonly byte[][] _texts = [];
    private readonly List<SearchHit> _hits = [];
    private readonly byte[] _copy = new byte[CopyBytes];
    private readonly PageState[] _states = new PageState[CopyBytes / Pfn.PageSize];
    private readonly int _most;
    private readonly int _seam;
    private byte[] _tail = [];
    private ulong _tailEnd;

    private MemorySearch(CrashedKernel kernel, WordMatcher? words, byte[][] texts, int most)
    {
        (_kernel, _words, _texts, _most) = (kernel, words, texts, most);
        foreach (byte[] text in texts)
        {
            _seam = Math.Max(_seam, text.Length - 1);
        }
    }

    /// <summary>What was found, in the order of memory, of all searches.</summary>
    public IReadOnlyList<SearchHit> Hits => _hits;

    /// <summary>Whether there is more than was wanted: the search ended there.</summary>
    public bool IsCut => _hits.Count >= _most;

    /// <summary>Bytes that were looked at.</summary>
    public ByteCount Searched { get; private set; }

    /// <summary>A search for words that lie at multiples of their size.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="values">The words: any of them.</param>
    /// <param name="bytes">Bytes of each: 2, 4 or 8.</param>
    /// <param name="ignored">Bits that may be anything.</param>
    /// <param name="most">Where to end.</param>
    /// <exception cref="ArgumentException">There are no values, or not of such a size.</exception>
    public static MemorySearch ForWords(CrashedKernel kernel, IReadOnlyList<ulong> values, int bytes, ulong ignored, int most)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(values);
        return new MemorySearch(kernel, new WordMatcher(values, bytes, ignored), [], most);
    }

    /// <summary>A search for texts.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="texts">The texts: any of them.</param>
    /// <param name="most">Where to end.</param>
    /// <exception cref="ArgumentException">There are none, or an empty one.</exception>
    public static MemorySearch ForTexts(CrashedKernel kernel, IReadOnlyList<string> texts, int most)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(texts);
        byte[][] bytes = new byte[texts.Count][];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = texts[i].Length == 0 ? throw new ArgumentException("an empty text", nameof(texts)) : Encoding.UTF8.GetBytes(texts[i]);
        }

        return bytes.Length == 0 ? throw new ArgumentException("no text to look for", nameof(texts))
            : new MemorySearch(kernel, null, bytes, most);
    }

    /// <summary>Searches physical memory.</summary>
    public void InPhysical(PhysicalAddress start, PhysicalAddress end)
    {
        foreach (PhysicalRange range in _kernel.Dump.RamRanges)
        {
            ulong last = Math.Min(range.End.Value, end.Value);
            for (ulong place = Math.Max(range.Start.Value, start.Value); place < last && !IsCut;)
            {
                place += InPiece(new PhysicalAddress(place), null, last - place);
            }
        }
    }

    /// <summary>Searches addresses of the kernel or of a process; what is not mapped is passed over.</summary>
    public void In(AddressSpace space, VirtualAddress start, VirtualAddress end)
    {
        ArgumentNullException.ThrowIfNull(space);
        for (ulong place = start.Value; place < end.Value && !IsCut;)
        {
            var address = new VirtualAddress(place);
            ulong step;
            if (space.TryTranslate(address, out PhysicalAddress physical, out ByteCount contiguous, out _))
            {
                step = InPiece(physical, address, Math.Min(contiguous.Value, end.Value - place));
            }
            else
            {
                step = HoleAt(space, address);
            }

            if (step > ulong.MaxValue - place)
            {
                break;
            }

            place += step;
        }
    }

    /// <summary>Bytes up to where something may be mapped again.</summary>
    private static ulong HoleAt(AddressSpace space, VirtualAddress address)
    {
        ulong place = address.Value;
        ulong half = 1UL << (space.Levels == 5 ? 56 : 47);
        if (place >= half && place < unchecked(0 - half))
        {
            return unchecked(0 - half - place);
        }

        // What the highest empty entry covers; of a table that cannot be read, what the lowest one does.
        ulong size = space.TryFindEntry(address, out PageTableEntry entry, out _) ? entry.Size.Value : TableBytes;
        return size - (place & (size - 1));
    }

    private ulong InPiece(PhysicalAddress physical, VirtualAddress? address, ulong length)
    {
        // Whole pages, as many as lie in one row and are there.
        int within = (int)(physical.Value % Pfn.PageSize);
        int wanted = (int)Math.Min(length, (ulong)(CopyBytes - within));
        int pages = (within + wanted + Pfn.PageSize - 1) / Pfn.PageSize;
        Span<PageState> states = _states.AsSpan(0, pages);
        _kernel.Dump.GetPageStates(physical.Pfn, states);
        bool isThere = IsSearched(states[0]);
        int run = 1;
        while (run < pages && IsSearched(states[run]) == isThere)
        {
            run++;
        }

        int bytes = Math.Min((run * Pfn.PageSize) - within, wanted);
        if (isThere)
        {
            int read = _kernel.Dump.Read(physical, _copy.AsSpan(0, bytes), out _);
            Scan(_copy.AsSpan(0, read), physical, address);
            bytes = read == 0 ? Math.Min(bytes, Pfn.PageSize - within) : read;
        }

        return (ulong)bytes;
    }

    // Pages of zeros hold nothing but zero words.
    private bool IsSearched(PageState state) =>
        state == PageState.Present || (state == PageState.Zero && _words is { FindsZero: true });

    private void Scan(ReadOnlySpan<byte> bytes, PhysicalAddress physical, VirtualAddress? address)
    {
        Searched += new ByteCount((ulong)bytes.Length);
        if (_words is not null)
        {
            int skipped = (int)(unchecked(0 - physical.Value) % (ulong)_words.Size);
            for (int from = skipped; from < bytes.Length && !IsCut;)
            {
                int found = _words.IndexIn(bytes[from..]);
                if (found < 0)
                {
                    break;
                }

                Add(physical, address, (ulong)(from + found), _words.Read(bytes[(from + found)..]), "");
                from += found + _words.Size;
            }

            return;
        }

        ScanSeam(bytes, physical, address);
        foreach (byte[] text in _texts)
        {
            for (int from = 0; from < bytes.Length && !IsCut;)
            {
                int found = bytes[from..].IndexOf(text);
                if (found < 0)
                {
                    break;
                }

                Add(physical, address, (ulong)(from + found), 0, TextAt(bytes[(from + found)..]));
                from += found + 1;
            }
        }

        int kept = Math.Min(_seam, bytes.Length);
        _tail = bytes[^kept..].ToArray();
        _tailEnd = unchecked((address?.Value ?? physical.Value) + (ulong)bytes.Length);
    }

    /// <summary>A text may begin at the end of the piece before.</summary>
    private void ScanSeam(ReadOnlySpan<byte> bytes, PhysicalAddress physical, VirtualAddress? address)
    {
        if (_tail.Length == 0 || _tailEnd != (address?.Value ?? physical.Value))
        {
            return;
        }

        byte[] seam = [.. _tail, .. bytes[..Math.Min(_seam, bytes.Length)]];
        foreach (byte[] text in _texts)
        {
            int found = seam.AsSpan().IndexOf(text);
            if (found >= 0 && found < _tail.Length && found + text.Length > _tail.Length)
            {
                Add(physical, address, unchecked((ulong)(found - _tail.Length)), 0, TextAt(seam.AsSpan(found)));
            }
        }
    }

    private void Add(PhysicalAddress physical, VirtualAddress? address, ulong distance, ulong value, string text)
    {
        var place = new PhysicalAddress(unchecked(physical.Value + distance));
        VirtualAddress? mapped = address is { } start ? new VirtualAddress(unchecked(start.Value + distance)) : _kernel.DirectMapOf(place);
        _hits.Add(new SearchHit(mapped, place, value, text));
    }

    private static string TextAt(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> most = bytes[..Math.Min(bytes.Length, LongestText)];
        int end = most.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? most : most[..end]);
    }
}
