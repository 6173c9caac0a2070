using System.Text;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Elf;

namespace Lifeboat.Capture.HostPrograms;

/// <summary>Goes from a program to its libraries and theirs; see <see cref="HostProgram"/>.</summary>
internal sealed class HostProgramSearch(string root)
{
    private const int Executable = 0x1ED;
    private const int Readable = 0x1A4;
    private const int MaxScripts = 4;
    private const int MaxFiles = 1024;
    private const long MaxFileBytes = 1L << 28;

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RamdiskFile> _files = new(StringComparer.Ordinal);
    private readonly LibraryCache _cache = ReadCache(root);
    private bool _usedCache;

    internal IReadOnlyList<RamdiskFile> Files
    {
        get
        {
            var files = new List<RamdiskFile>(_files.Values);
            if (_usedCache)
            {
                files.Add(RamdiskFile.FromHost(HostProgram.CachePath, OnHost(root, HostProgram.CachePath), Readable));
            }

            files.Sort(static (a, b) => string.CompareOrdinal(a.Path, b.Path));
            return files;
        }
    }

    internal void AddProgram(string path, IReadOnlyList<string> alsoWanted)
    {
        for (int scripts = 0; ; scripts++)
        {
            byte[] content = Read(path);
            Add(path, Executable);
            if (content.AsSpan().StartsWith("#!"u8) && scripts < MaxScripts)
            {
                path = InterpreterOf(path, content);
                continue;
            }

            if (!ElfDynamic.TryParse(content, out ElfDynamic? program))
            {
                throw Unfit(path, "no program for this machine", "a 64-bit ELF program, or a script");
            }

            if (program.Interpreter is { } loader)
            {
                _ = Read(loader);
                Add(loader, Executable);
                _names.Add(System.IO.Path.GetFileName(loader));
            }

            AddLibraries(path, program, alsoWanted);
            return;
        }
    }

    private void AddLibraries(string path, ElfDynamic program, IReadOnlyList<string> alsoWanted)
    {
        var open = new Queue<string>();
        Take(path, program, program);
        foreach (string name in alsoWanted)
        {
            if (!_names.Contains(name) && Find(name, path, program, program) is { } library)
            {
                TakeFile(name, library);
            }
        }

        while (open.TryDequeue(out string? library))
        {
            _ = ElfDynamic.TryParse(Read(library), out ElfDynamic? dynamic);
            Take(library, dynamic!, program);
        }

        void Take(string from, ElfDynamic dynamic, ElfDynamic first)
        {
            foreach (string name in dynamic.Needed)
            {
                if (!_names.Contains(name))
                {
                    TakeFile(name, Find(name, from, dynamic, first)
                        ?? throw Unfit(path, $"the library {name}, which {from} needs, is nowhere to be found", "all its libraries on this machine"));
                }
            }
        }

        void TakeFile(string name, string library)
        {
            if (_files.Count >= MaxFiles)
            {
                throw Unfit(path, $"more than {MaxFiles} libraries", "a program with fewer");
            }

            _names.Add(name);
            Add(library, Executable);
            open.Enqueue(library);
        }
    }

    private string? Find(string name, string from, ElfDynamic dynamic, ElfDynamic program)
    {
        if (name.Contains('/'))
        {
            return IsLibrary(name, program.Machine) ? name : null;
        }

        // DT_RPATH, of the program too, counts only where there is no DT_RUNPATH (ld.so(8)).
        string own = dynamic.RunPath ?? $"{dynamic.Path}:{program.Path}";
        foreach (string folder in own.Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            string origin = System.IO.Path.GetDirectoryName(from) ?? "/";
            string place = folder.Replace("${ORIGIN}", origin, StringComparison.Ordinal).Replace("$ORIGIN", origin, StringComparison.Ordinal);
            if (place[0] == '/' && !place.Contains('$') && Candidate(place, name) is { } path && IsLibrary(path, program.Machine))
            {
                return path;
            }
        }

        foreach (string path in _cache.PathsOf(name))
        {
            if (path[0] == '/' && IsLibrary(path, program.Machine))
            {
                _usedCache = true;
                return path;
            }
        }

        foreach (string folder in UsualFolders(program.Machine))
        {
            if (IsLibrary($"{folder}/{name}", program.Machine))
            {
                return $"{folder}/{name}";
            }
        }

        return null;

        // The loader takes ".." as it comes; the ramdisk's files have plain paths.
        static string? Candidate(string folder, string name) => System.IO.Path.GetFullPath($"{folder}/{name}");
    }

    private static string[] UsualFolders(ushort machine) => machine switch
    {
        Elf64Header.MachineX64 => ["/lib64", "/usr/lib64", "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib", "/usr/lib"],
        Elf64Header.MachineArm64 => ["/lib64", "/usr/lib64", "/lib/aarch64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/lib", "/usr/lib"],
        _ => ["/lib64", "/usr/lib64", "/lib", "/usr/lib"],
    };

    private static LibraryCache ReadCache(string root)
    {
        string path = OnHost(root, HostProgram.CachePath);
        return File.Exists(path) ? LibraryCache.Parse(File.ReadAllBytes(path)) : LibraryCache.Parse([]);
    }

    private static string OnHost(string root, string path) => System.IO.Path.Combine(root, path.TrimStart('/'));

    private static string InterpreterOf(string path, ReadOnlySpan<byte> script)
    {
        int end = script.IndexOf((byte)'\n');
        string line = Encoding.UTF8.GetString(script[2..(end < 0 ? Math.Min(script.Length, 256) : end)]).Trim();
        string interpreter = line.Split([' ', '\t'], 2)[0];
        return interpreter.StartsWith('/') ? interpreter
            : throw Unfit(path, "a script whose first line names no interpreter by its path", "#!/bin/sh, say");
    }

    private bool IsLibrary(string path, ushort machine)
    {
        string file = OnHost(root, path);
        return File.Exists(file) && new FileInfo(file).Length <= MaxFileBytes
            && ElfDynamic.TryParse(File.ReadAllBytes(file), out ElfDynamic? library) && library.Machine == machine;
    }

    private byte[] Read(string path)
    {
        string file = OnHost(root, path);
        if (path[0] != '/' || !File.Exists(file))
        {
            throw Unfit(path, "no such file", "a program, by its absolute path");
        }

        return new FileInfo(file).Length <= MaxFileBytes ? File.ReadAllBytes(file)
            : throw Unfit(path, $"a file of {new FileInfo(file).Length} bytes", $"a program or library of at most {MaxFileBytes} bytes");
    }

    private void Add(string path, int permissions) =>
        _files.TryAdd(path, RamdiskFile.FromHost(path, OnHost(root, path), permissions));

    private static DiagnosticException Unfit(string path, string found, string expected) =>
        new(new Diagnostic(CaptureDiagnostics.BadHostProgram, "This program cannot go into a ramdisk")
        {
            Where = path,
            Found = found,
            Expected = expected,
            Remedy = "Install the package that it belongs to, or say another program",
        });
}
