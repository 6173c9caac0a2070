using System.Text;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Entries;

/// <summary>Reading a boot loader's files: bounded, and whatever is missing is nothing.</summary>
internal static class EntryFiles
{
    extension(SystemTree tree)
    {
        /// <summary>Whether a file or a folder is there.</summary>
        internal bool FileExists(string path) => Path.Exists(tree.PathOf(path));

        internal bool FolderExists(string path) => Directory.Exists(tree.PathOf(path));

        /// <summary>The text of a file of a believable size; null when there is none. Bytes that are no UTF-8 are replaced.</summary>
        internal string? TryReadShortText(string path)
        {
            if (!File.Exists(tree.PathOf(path)))
            {
                return null;
            }

            ReadOnlyMemory<byte> bytes = tree.TryReadStart(path, EntryLimits.MaxTextBytes + 1);
            return bytes.Length is 0 or > EntryLimits.MaxTextBytes ? null : Encoding.UTF8.GetString(bytes.Span).TrimStart('\ufeff');
        }

        /// <summary>The names of the files in a folder, in the order of their bytes; none when it is missing.</summary>
        internal IReadOnlyList<string> FileNames(string folder)
        {
            try
            {
                var names = new List<string>();
                foreach (string file in Directory.EnumerateFiles(tree.PathOf(folder)))
                {
                    names.Add(Path.GetFileName(file));
                    if (names.Count == EntryLimits.MaxEntries)
                    {
                        break;
                    }
                }

                names.Sort(StringComparer.Ordinal);
                return names;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return [];
            }
        }
    }

    /// <summary>Whether a path that a boot loader's file gives stays below the root it is meant for.</summary>
    internal static bool IsPlainPath(string path) =>
        path.StartsWith('/') && !path.Contains('\0', StringComparison.Ordinal)
        && Array.IndexOf(path.Split('/'), "..") < 0;
}
