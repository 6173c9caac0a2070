using System.Collections;
using Lifeboat.Core.Memory;

namespace Lifeboat.Kernel.Objects.Walks;

/// <summary>
/// Objects that the kernel has linked. They are read anew at each enumeration; how far the last one came is in
/// <see cref="End"/>.
/// </summary>
/// <remarks><para><b>Damage.</b> An enumeration ends where the links do, and never throws.</para></remarks>
/// <typeparam name="T">What is linked.</typeparam>
public sealed class KernelWalk<T> : IEnumerable<T>
{
    private readonly Func<KernelWalk<T>, IEnumerable<T>> _steps;
    private readonly int _most;
    private int _visited;

    internal KernelWalk(int most, Func<KernelWalk<T>, IEnumerable<T>> steps) => (_most, _steps) = (most, steps);

    /// <summary>How the last enumeration ended; <see cref="WalkEnd.Complete"/> when there was none yet.</summary>
    public WalkEnd End { get; private set; }

    /// <summary>What could not be read when the end is <see cref="WalkEnd.Unreadable"/>.</summary>
    public MemoryFault Fault { get; private set; }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator()
    {
        (End, Fault, _visited) = (WalkEnd.Complete, MemoryFault.None, 0);
        int count = 0;
        foreach (T item in _steps(this))
        {
            if (count++ == _most)
            {
                End = WalkEnd.TooMany;
                yield break;
            }

            yield return item;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The same objects as others; the end of this walk is that of the new one.</summary>
    internal KernelWalk<TResult> Select<TResult>(Func<T, TResult> selector) => new(_most, walk => SelectSteps(walk, selector));

    /// <summary>Counts a node that is not itself given; false when they are too many.</summary>
    internal bool TryVisit()
    {
        if (_visited++ < _most)
        {
            return true;
        }

        End = WalkEnd.TooMany;
        return false;
    }

    /// <summary>Notes that the links end before their end.</summary>
    internal void Stop(WalkEnd end, MemoryFault fault = default) => (End, Fault) = (end, fault);

    private IEnumerable<TResult> SelectSteps<TResult>(KernelWalk<TResult> walk, Func<T, TResult> selector)
    {
        foreach (T item in this)
        {
            yield return selector(item);
        }

        walk.Stop(End, Fault);
    }
}
