using System.Runtime.ExceptionServices;

namespace Lifeboat.Vmcore.Writing;

/// <summary>
/// Several threads on one work, the caller's among them. Fewer do it where memory is short: no part of the work may be one thread's.
/// </summary>
internal static class Crew
{
    private const int StackSize = 256 << 10;

    /// <summary>Returns when all are done; what one of them threw first is thrown to the caller.</summary>
    /// <param name="threads">How many at most; the caller's is number 0.</param>
    /// <param name="work">What each does, given its number.</param>
    /// <param name="stop">Called when one throws, by its thread: makes the others return.</param>
    internal static void Run(int threads, Action<int> work, Action stop)
    {
        Exception? failure = null;
        var others = new List<Thread>(threads - 1);
        while (others.Count < threads - 1)
        {
            int number = others.Count + 1;
            var other = new Thread(() => WorkOrStop(number), StackSize) { IsBackground = true, Name = $"crew {number}" };
            try
            {
                other.Start();
            }
            catch (OutOfMemoryException)
            {
                // There is no memory for its stack: those that run do its work.
                break;
            }

            others.Add(other);
        }

        WorkOrStop(0);
        foreach (Thread other in others)
        {
            other.Join();
        }

        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        void WorkOrStop(int number)
        {
            try
            {
                work(number);
            }
#pragma warning disable CA1031 // whatever one thread meets ends the others, and is thrown to the caller
            catch (Exception e)
#pragma warning restore CA1031
            {
                _ = Interlocked.CompareExchange(ref failure, e, null);
                stop();
            }
        }
    }
}
