using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Vmcore.Erasing;

namespace Lifeboat.Kernel.Erasing;

/// <summary>One search: takes what is found, and what could not be.</summary>
internal sealed class EraseRun(CrashedKernel kernel, EraseLimits limits)
{
    private readonly List<ErasedRange> _ranges = [];
    private readonly List<Diagnostic> _notices = [];
    private string _name = "";
    private int _unreadable;
    private bool _hasToldFull;

    internal CrashedKernel Kernel => kernel;

    internal EraseFindings Findings => new(_ranges, _notices);

    /// <summary>Begins the search for what a directive or set names.</summary>
    internal void Begin(string name)
    {
        (_name, _unreadable) = (name, 0);
    }

    /// <summary>Ends it: tells what it could not reach.</summary>
    internal void End()
    {
        if (_unreadable > 0)
        {
            Tell("some of what is to be erased cannot be reached", $"{_unreadable} places that cannot be read");
        }
    }

    /// <summary>Adds bytes at a virtual address, piece by piece as they lie in physical memory.</summary>
    internal void Add(string what, VirtualAddress start, ulong length)
    {
        if (length > limits.MaxObjectBytes)
        {
            Tell("something to be erased is too long to be true, and is left", $"{what}: {length} bytes");
            return;
        }

        for (ulong done = 0; done < length;)
        {
            var place = new VirtualAddress(unchecked(start.Value + done));
            ulong step;
            if (kernel.Space.TryTranslate(place, out PhysicalAddress physical, out ByteCount contiguous, out _))
            {
                step = Math.Min(length - done, contiguous.Value);
                Add(new ErasedRange(what, PhysicalRange.FromLength(physical, new ByteCount(step))));
            }
            else
            {
                _unreadable++;
                step = Math.Min(length - done, Pfn.PageSize - (place.Value % Pfn.PageSize));
            }

            done += step;
        }
    }

    /// <summary>Adds an object whole, by the size of its type.</summary>
    internal void Add(string what, KernelObject item)
    {
        if (item.Fault != MemoryFault.None)
        {
            _unreadable++;
        }
        else
        {
            Add(what, item.Address, item.Type.Size.Value);
        }
    }

    /// <summary>Adds a page whole; none for a null pointer.</summary>
    internal void AddPage(string what, KernelObject pointer)
    {
        if (pointer.Unsigned is { } place)
        {
            AddInPage(what, place, 0, Pfn.PageSize);
        }
        else
        {
            _unreadable++;
        }
    }

    /// <summary>Adds bytes of a page, or of several that follow it, that a <c>struct page *</c> names; none for a null pointer.</summary>
    internal void AddInPage(string what, KernelObject pointer, KernelObject offset, KernelObject length)
    {
        if (pointer.Unsigned is { } place && offset.Unsigned is { } start && length.Unsigned is { } bytes)
        {
            AddInPage(what, place, start, bytes);
        }
        else
        {
            _unreadable++;
        }
    }

    /// <summary>Counts something that could not be read.</summary>
    internal void AddUnreadable() => _unreadable++;

    /// <summary>Tells of a walk that did not come to its end.</summary>
    internal void TellUnlessWhole(string of, WalkEnd end)
    {
        if (end != WalkEnd.Complete)
        {
            Tell($"{of} breaks off: what comes after that is not erased", $"{end}".ToLowerInvariant());
        }
    }

    internal void Tell(string what, string? found = null) =>
        _notices.Add(new Diagnostic(KernelDiagnosticIds.NotErased, what) { Where = "erase " + _name, Found = found });

    private void AddInPage(string what, ulong page, ulong start, ulong length)
    {
        if (page == 0 || length == 0)
        {
            return;
        }

        if (kernel.Memory.Pages is { } map && length <= limits.MaxObjectBytes && start <= limits.MaxObjectBytes
            && map.TryFindPfn(new VirtualAddress(page), out Pfn pfn) && pfn.Value < kernel.Dump.EndPfn.Value)
        {
            Add(new ErasedRange(what, PhysicalRange.FromLength(pfn.Address + new ByteCount(start), new ByteCount(length))));
        }
        else
        {
            _unreadable++;
        }
    }

    private void Add(ErasedRange range)
    {
        if (_ranges.Count < limits.MaxRanges)
        {
            _ranges.Add(range);
        }
        else if (!_hasToldFull)
        {
            _hasToldFull = true;
            Tell("there is more to be erased than that, which is left", $"more than {limits.MaxRanges} places");
        }
    }
}
