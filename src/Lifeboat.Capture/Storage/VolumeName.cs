using System.Text;

namespace Lifeboat.Capture.Storage;

/// <summary>Names of LVM's volumes as device-mapper has them: <c>GROUP-VOLUME</c>, a <c>-</c> of a name's own doubled.</summary>
internal static class VolumeName
{
    /// <summary>Group and volume of a name; the volume is empty where there is none.</summary>
    internal static (string Group, string Volume) Split(string name)
    {
        var part = new StringBuilder();
        string? group = null;
        for (int i = 0; i < name.Length; i++)
        {
            if (name[i] != '-')
            {
                part.Append(name[i]);
            }
            else if (i + 1 < name.Length && name[i + 1] == '-')
            {
                part.Append('-');
                i++;
            }
            else if (group is null)
            {
                group = part.ToString();
                part.Clear();
            }
            else
            {
                break;
            }
        }

        return group is null ? (part.ToString(), "") : (group, part.ToString());
    }
}
