using Lifeboat.Core.Memory;

namespace Lifeboat.Kernel.Objects.Walks;

/// <summary>Notices links that lead in a circle, in no memory to speak of (Brent's algorithm).</summary>
internal sealed class LoopCheck
{
    private VirtualAddress _kept;
    private long _steps;
    private long _untilNext = 1;

    /// <summary>Whether this address was met before; a circle is noticed by its third round at the latest.</summary>
    internal bool IsLoop(VirtualAddress address)
    {
        if (_steps > 0 && address == _kept)
        {
            return true;
        }

        if (++_steps >= _untilNext)
        {
            (_kept, _untilNext) = (address, _untilNext * 2);
        }

        return false;
    }
}
