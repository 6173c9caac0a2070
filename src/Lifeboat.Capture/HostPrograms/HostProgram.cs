using Lifeboat.Capture.Ramdisk;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.HostPrograms;

/// <summary>
/// A program of this machine with all that it needs to run in a ramdisk: its dynamic loader and its shared libraries, each at
/// the path where the loader looks for it. Of a script, its interpreter; what a script calls is not known.
/// </summary>
/// <remarks>
/// Libraries are found as the loader finds them: by the program's own search path, then by /etc/ld.so.cache (which goes along,
/// so that the loader finds them again), then in the usual folders. What a program opens by name as it runs (plug-ins, locales) is
/// not found this way, and is to be named.
/// </remarks>
public sealed class HostProgram
{
    /// <summary>The loader's list of libraries.</summary>
    public const string CachePath = "/etc/ld.so.cache";

    private HostProgram(string path, IReadOnlyList<RamdiskFile> files)
    {
        Path = path;
        Files = files;
    }

    /// <summary>Where it lies, on this machine and in the ramdisk.</summary>
    public string Path { get; }

    /// <summary>The program and what it needs, by path.</summary>
    public IReadOnlyList<RamdiskFile> Files { get; }

    /// <summary>Finds out what a program needs.</summary>
    /// <param name="path">The program, an absolute path.</param>
    /// <param name="root">The folder that holds the machine's files.</param>
    /// <param name="alsoWanted">Names of libraries that go along where the machine has them, such as
    /// <c>libnss_files.so.2</c>.</param>
    /// <exception cref="DiagnosticException">It is not there, is no program, or a library of its is missing.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static HostProgram Resolve(string path, string root = "/", params IReadOnlyList<string> alsoWanted)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var search = new HostProgramSearch(root);
        search.AddProgram(path, alsoWanted);
        return new HostProgram(path, search.Files);
    }

    /// <summary>The files of several programs, each once.</summary>
    public static IReadOnlyList<RamdiskFile> FilesOf(params IReadOnlyList<HostProgram> programs)
    {
        var files = new List<RamdiskFile>();
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (HostProgram program in programs)
        {
            foreach (RamdiskFile file in program.Files)
            {
                if (paths.Add(file.Path))
                {
                    files.Add(file);
                }
            }
        }

        return files;
    }
}
