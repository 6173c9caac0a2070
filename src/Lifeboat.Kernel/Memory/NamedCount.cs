using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Memory;

/// <summary>A counter of the kernel's.</summary>
/// <param name="Name">Its name, as in /proc/vmstat: <c>nr_free_pages</c>.</param>
/// <param name="Count">Its value; null when it cannot be read.</param>
public sealed record NamedCount(string Name, long? Count)
{
    private const int Most = 256;

    /// <summary>An array of counters, named by an enumeration.</summary>
    internal static IReadOnlyList<NamedCount> Read(CrashedKernel kernel, KernelObject counters, string enumeration)
    {
        var found = new List<NamedCount>();
        if (kernel.Types.TryFind(enumeration, out KernelType? type))
        {
            for (int i = 0; i < Math.Min(counters.Type.ElementCount, Most); i++)
            {
                found.Add(new NamedCount((type.LastNameOf(i) ?? $"{i}").ToLowerInvariant(), counters[i]["counter"].Signed));
            }
        }

        return found;
    }
}
