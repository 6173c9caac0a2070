using System.Globalization;

namespace Lifeboat.Machine.Tests.Targets;

/// <summary>Files in an image of XFS, whose places xfs_db tells.</summary>
/// <param name="image">The image; its log must be empty.</param>
internal sealed class XfsFiles(string image)
{
    private readonly (long BlockSize, long AllocationGroup) _size = Geometry(image);

    /// <summary>Copies a folder with all that is in it.</summary>
    internal void CopyOut(string folder, string target)
    {
        Directory.CreateDirectory(target);

        // offset, inode, kind, hash, length of the name, name, (good)
        foreach (string line in Ask($"path {folder}", "ls"))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 7 || words[5] is "." or "..")
            {
                continue;
            }

            string from = $"{folder}/{words[5]}";
            string to = Path.Combine(target, words[5]);
            if (words[2] == "directory")
            {
                CopyOut(from, to);
            }
            else
            {
                CopyFile(from, to);
            }
        }
    }

    private void CopyFile(string from, string to)
    {
        using FileStream source = File.OpenRead(image);
        using FileStream target = File.Create(to);
        foreach (string line in Ask($"path {from}", "print core.size", "bmap"))
        {
            string[] words = line.Split(' ');
            if (words is ["core.size", "=", var size])
            {
                target.SetLength(Number(size));
            }
            else if (words is ["data", "offset", var offset, "startblock", _, var place, "count", var count, "flag", "0"])
            {
                // Allocation group and block in it; what is not written (flag 1) reads as zeros.
                string[] group = place.Trim('(', ')').Split('/');
                byte[] bytes = new byte[Number(count) * _size.BlockSize];
                source.Position = ((Number(group[0]) * _size.AllocationGroup) + Number(group[1])) * _size.BlockSize;
                source.ReadExactly(bytes);
                target.Position = Number(offset) * _size.BlockSize;
                target.Write(bytes.AsSpan(0, (int)Math.Clamp(target.Length - target.Position, 0, bytes.Length)));
            }
        }
    }

    private static (long BlockSize, long AllocationGroup) Geometry(string image)
    {
        string[] lines = Db(image, ["sb 0", "print blocksize agblocks"]);
        return (Number(lines[0].Split(" = ")[1]), Number(lines[1].Split(" = ")[1]));
    }

    private string[] Ask(params string[] commands) => Db(image, commands);

    private static string[] Db(string image, string[] commands) =>
        TestMachine.RunOracle("xfs_db", ["-r", .. commands.SelectMany(static command => new[] { "-c", command }), image]).Split('\n');

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
