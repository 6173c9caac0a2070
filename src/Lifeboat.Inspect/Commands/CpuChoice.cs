using System.Globalization;
using Lifeboat.Kernel;

namespace Lifeboat.Inspect.Commands;

/// <summary>CPUs that a word names: <c>0</c>, <c>1-3</c>, <c>0,2</c>, or <c>a</c> for all.</summary>
internal static class CpuChoice
{
    /// <exception cref="CommandException">It names none, or none that there are.</exception>
    internal static List<int> Parse(CrashedKernel kernel, string text)
    {
        var cpus = new List<int>();
        foreach (string part in text.Split(','))
        {
            if (part is "a")
            {
                cpus.AddRange(kernel.Cpus);
                continue;
            }

            string[] ends = part.Split('-');
            if (ends.Length > 2 || !TryParse(ends[0], out int first) || !TryParse(ends[^1], out int last))
            {
                throw new CommandException($"{text} names no CPUs: 0, 1-3, 0,2, or a for all");
            }

            // Of a kernel whose CPUs cannot be told, one may be asked for by its number.
            if (kernel.Cpus.Count == 0 && first == last)
            {
                cpus.Add(first);
            }

            foreach (int cpu in kernel.Cpus)
            {
                if (cpu >= first && cpu <= last)
                {
                    cpus.Add(cpu);
                }
            }
        }

        return cpus.Count > 0 || text.Contains('a', StringComparison.Ordinal) ? cpus : throw new CommandException($"there is no CPU {text}");
    }

    private static bool TryParse(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
