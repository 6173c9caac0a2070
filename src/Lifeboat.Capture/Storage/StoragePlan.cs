using System.Globalization;
using System.Text;

namespace Lifeboat.Capture.Storage;

/// <summary>
/// What is run at the crash before a target's device can be seen. Made on the running machine by <see cref="StoragePlanner"/>, carried as
/// text in the ramdisk, carried out by <see cref="StorageSetup"/>.
/// </summary>
/// <remarks>
/// <code>
/// target UUID=2f5b9c1e-0d3a-4c57-9d0e-3f1f4c6b8a11
/// step the volume vg/crash of LVM
/// member 1 LVM2_member 1fzYbZ-Cv3P-4FzY-abcd-efgh-ijkl-mnopqr
/// program /usr/sbin/lvm
/// argument lvchange
/// </code>
/// <para>A file can hold several plans one after the other, each from its <c>target</c> line on. docs/formats.md has the words.</para>
/// </remarks>
/// <param name="Target">The device as the target's line names it, such as <c>UUID=...</c>.</param>
/// <param name="Steps">The steps, in order.</param>
public sealed record StoragePlan(string Target, IReadOnlyList<StorageStep> Steps)
{
    /// <summary>The most steps of a plan; as many members and arguments of a step.</summary>
    public const int MostParts = 64;

    /// <summary>Reads the text of several plans, one after the other; an empty text has none.</summary>
    /// <param name="text">The text; it may be anything.</param>
    /// <param name="fileName">The file's name, for errors.</param>
    /// <exception cref="Core.Diagnostics.DiagnosticException">It is not understood; the diagnostic has the line's number.</exception>
    public static IReadOnlyList<StoragePlan> ParseAll(string text, string fileName) => new StoragePlanReader(fileName).Read(text);

    /// <summary>The hosts that have to be reached for it.</summary>
    public IReadOnlyList<string> Hosts
    {
        get
        {
            var hosts = new List<string>();
            foreach (StorageStep step in Steps)
            {
                if (step.Host is { } host && !hosts.Contains(host))
                {
                    hosts.Add(host);
                }
            }

            return hosts;
        }
    }

    /// <summary>The keys that the kernel has to hand over for plans, by their descriptions.</summary>
    /// <param name="plans">The plans.</param>
    public static IReadOnlyList<string> KeysOf(IReadOnlyList<StoragePlan> plans)
    {
        var keys = new List<string>();
        foreach (StoragePlan plan in plans)
        {
            foreach (StorageStep step in plan.Steps)
            {
                if (step.Key is { } key && !keys.Contains(key))
                {
                    keys.Add(key);
                }
            }
        }

        return keys;
    }

    /// <summary>The plan for a target; null when it needs none.</summary>
    internal static StoragePlan? For(IReadOnlyList<StoragePlan> plans, string target)
    {
        foreach (StoragePlan plan in plans)
        {
            if (plan.Target == target)
            {
                return plan;
            }
        }

        return null;
    }

    /// <summary>The plan as text; <see cref="ParseAll"/> gives an equal one, and texts one after the other are several plans.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        text.Append("target ").Append(Target).Append('\n');
        foreach (StorageStep step in Steps)
        {
            text.Append("step ").Append(step.Name).Append('\n');
            foreach (StorageMember member in step.Members)
            {
                text.Append(CultureInfo.InvariantCulture, $"member {member.Count} {member.Kind} {member.Value}\n");
            }

            if (step.Host is not null)
            {
                text.Append("host ").Append(step.Host).Append('\n');
            }

            if (step.Key is not null)
            {
                text.Append("key ").Append(step.Key).Append('\n');
            }

            text.Append("program ").Append(step.Program).Append('\n');
            foreach (string argument in step.Arguments)
            {
                text.Append("argument ").Append(argument).Append('\n');
            }
        }

        return text.ToString();
    }
}
