using System.Net;

namespace Lifeboat.Capture.Network;

/// <summary>In what two plans for a host differ, as far as it matters at the crash.</summary>
/// <param name="before">What the first says.</param>
/// <param name="now">What the second says.</param>
internal sealed class NetworkPlanDifference(string before, string now)
{
    internal string Before { get; } = before;

    internal string Now { get; } = now;

    /// <summary>
    /// The first difference; null when they lead the same way. Names have their addresses in another order each time they are asked
    /// for, or others of a large service's: one that both plans know suffices.
    /// </summary>
    internal static NetworkPlanDifference? Between(NetworkPlan before, NetworkPlan now)
    {
        string[] old = Lines(before);
        string[] current = Lines(now);
        for (int i = 0; i < Math.Max(old.Length, current.Length); i++)
        {
            string left = i < old.Length ? old[i] : "nothing more";
            string right = i < current.Length ? current[i] : "nothing more";
            if (left != right)
            {
                return new NetworkPlanDifference(left, right);
            }
        }

        foreach (IPAddress address in before.TargetAddresses)
        {
            foreach (IPAddress other in now.TargetAddresses)
            {
                if (address.Equals(other))
                {
                    return null;
                }
            }
        }

        return new NetworkPlanDifference($"{before.TargetAddresses[0]}", $"{now.TargetAddresses[0]}");
    }

    // Routes go by the order of the host's addresses, and the addresses here with them.
    private static string[] Lines(NetworkPlan plan)
    {
        var lines = new List<string>();
        foreach (string line in plan.ToText().Split('\n'))
        {
            if (!line.StartsWith("route ", StringComparison.Ordinal))
            {
                lines.Add(line);
            }
        }

        lines.Sort(StringComparer.Ordinal);
        return [.. lines];
    }
}
