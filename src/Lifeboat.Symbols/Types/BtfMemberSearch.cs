using System.Text;

namespace Lifeboat.Symbols.Types;

/// <summary>Finds a member by name, through unnamed structures and unions as C does, and by a path with dots.</summary>
internal sealed class BtfMemberSearch(Btf types, int mostMembers)
{
    private const int DeepestNesting = 32;

    private int _left = mostMembers;

    /// <summary>The member, its offset counted from <paramref name="structure"/>; null when there is none.</summary>
    internal BtfMember? Find(BtfType structure, string path)
    {
        BtfType? within = types.Resolve(structure.Id);
        long offset = 0;
        BtfMember? found = null;
        foreach (string name in path.Split('.'))
        {
            if (found is not null)
            {
                within = types.Resolve(found.TypeId);
                offset = found.BitOffset;
            }

            if (within is not { IsStructure: true } || name.Length == 0)
            {
                return null;
            }

            found = FindName(within, Encoding.UTF8.GetBytes(name), name, offset, DeepestNesting);
            if (found is null)
            {
                return null;
            }
        }

        return found;
    }

    private BtfMember? FindName(BtfType structure, byte[] name, string text, long offset, int depth)
    {
        BtfRecord record = structure.Record;
        for (int i = 0; i < record.Count; i++)
        {
            if (--_left < 0)
            {
                return null;
            }

            BtfRawMember member = BtfRawMember.Parse(structure.Section!.ItemOf(record, i), record.IsFlagged);
            long place = offset + member.BitOffset;
            if (types.IsString(member.Name, name))
            {
                return new BtfMember(text, member.TypeId, place, member.BitSize);
            }

            if (depth > 0 && types.IsString(member.Name, default)
                && types.Resolve(member.TypeId) is { IsStructure: true } unnamed
                && FindName(unnamed, name, text, place, depth - 1) is { } found)
            {
                return found;
            }
        }

        return null;
    }
}
