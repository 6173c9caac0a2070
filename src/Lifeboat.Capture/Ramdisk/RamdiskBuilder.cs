using System.Text;
using Lifeboat.Capture.Modules;
using Lifeboat.Core.Archives;
using Lifeboat.Core.Compression;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;

namespace Lifeboat.Capture.Ramdisk;

/// <summary>
/// Builds a ramdisk whose only program is ours: no shell, no libraries, just /init, modules and settings.
/// </summary>
/// <remarks>The same request gives the same bytes.</remarks>
public static class RamdiskBuilder
{
    // A window of 2 MiB instead of 4 costs 0.2 % and saves 2 MiB of memory while the capture kernel unpacks; one of 1 MiB costs 0.7 %.
    private const int ZstdWindowLog = 21;

    // The kernel opens /dev/console for process 1 before anything is mounted.
    private const int PrivateNode = 0x180;
    private const int SharedNode = 0x1B6;
    private const int Executable = 0x1ED;
    private const int Readable = 0x1A4;

    private static readonly string[] Folders =
        ["dev", "etc", "etc/lifeboat", "lib", "lib/modules", "proc", "run", "sys", "target", "tmp"];

    /// <summary>Builds the ramdisk.</summary>
    /// <exception cref="DiagnosticException">
    /// A module is missing or damaged, the program cannot be /init, or the kernel takes no ramdisk.
    /// </exception>
    /// <exception cref="IOException">A file of this machine cannot be read.</exception>
    public static RamdiskImage Build(RamdiskRequest request)
    {
        if (request.ModuleTree is null && request.Modules.Count > 0)
        {
            throw new ArgumentException("modules are wanted, and no folder of modules is given", nameof(request));
        }

        string[] taken = [RamdiskLayout.Init, RamdiskLayout.ModuleList, .. request.Files.Select(file => file.Path)];
        if (taken.Distinct(StringComparer.Ordinal).Count() != taken.Length)
        {
            throw new ArgumentException("two files have the same path", nameof(request));
        }

        if (request.KernelConfig?.IsBuiltIn("BLK_DEV_INITRD") == false)
        {
            throw new DiagnosticException(new Diagnostic(
                CaptureDiagnostics.NoRamdiskSupport, "This kernel was built without support for a ramdisk")
            {
                Expected = "CONFIG_BLK_DEV_INITRD=y",
                Remedy = "Capture with a distribution's kernel, or build this one with the option",
            });
        }

        ModuleClosure closure = request.ModuleTree?.Resolve(request.Modules) ?? new ModuleClosure([], [], []);
        List<byte[]> modules = [];
        foreach (KernelModule module in closure.LoadOrder)
        {
            modules.Add(ModuleFile.Read(module.Path));
        }

        if (request is { MachineRoot: { } root, ModuleTree: { } tree })
        {
            request = request with { Files = [.. request.Files, .. FirmwareFiles.For(modules, Path.GetFileName(tree.Directory), root)] };
        }

        var entries = new List<RamdiskEntry>();
        var options = ModuleOptions.Read(request.MachineRoot, request.ModuleOptions);
        using MemoryStream archive = WriteArchive(request, closure.LoadOrder, options, modules, entries);
        RamdiskCompression compression = Choose(request.KernelConfig);
        return new RamdiskImage
        {
            Content = Compress(archive.GetBuffer().AsSpan(0, (int)archive.Length), compression, request.ZstdLevel),
            Compression = compression,
            UnpackedSize = new ByteCount((ulong)archive.Length),
            Entries = entries,
            Modules = closure.LoadOrder,
            Notices = closure.Notices,
        };
    }

    private static MemoryStream WriteArchive(
        RamdiskRequest request, IReadOnlyList<KernelModule> modules, ModuleOptions options, List<byte[]> contents, List<RamdiskEntry> entries)
    {
        // Room for all at once: a stream that grows by doubling takes three times the memory.
        byte[] program = ReadProgram(request.InitProgram);
        var stream = new MemoryStream(program.Length + (4 << 20));
        var writer = new CpioWriter(stream);
        SortedDictionary<string, RamdiskFile> files = Place(request.Files);
        string moduleFolder = Place(RamdiskLayout.ModuleDirectory, files);
        var folders = new SortedSet<string>(FoldersAbove(moduleFolder + "/"), StringComparer.Ordinal);
        foreach (string path in (IEnumerable<string>)[.. Array.ConvertAll(Folders, folder => $"/{folder}/"), .. files.Keys])
        {
            folders.UnionWith(FoldersAbove(path));
        }

        foreach (string folder in folders)
        {
            if (!files.ContainsKey("/" + folder) && Place("/" + folder, files)[1..] == folder)
            {
                writer.AddDirectory(folder);
                entries.Add(new RamdiskEntry("/" + folder, ByteCount.Zero));
            }
        }

        writer.AddCharacterDevice("dev/console", 5, 1, PrivateNode);
        writer.AddCharacterDevice("dev/null", 1, 3, SharedNode);
        entries.Add(new RamdiskEntry("/dev/console", ByteCount.Zero));
        entries.Add(new RamdiskEntry("/dev/null", ByteCount.Zero));

        var list = new StringBuilder();
        for (int i = 0; i < modules.Count; i++)
        {
            string path = $"{moduleFolder}/{modules[i].Name}.ko";
            AddFile(path, contents[i], Readable);
            list.Append($"{new RamdiskModule(path, options.For(modules[i].Name))}\n");
        }

        AddFile(RamdiskLayout.ModuleList, Encoding.UTF8.GetBytes(list.ToString()), Readable);
        foreach ((string path, RamdiskFile file) in files)
        {
            if (file.LinkTarget is { } target)
            {
                writer.AddSymbolicLink(path[1..], target);
                entries.Add(new RamdiskEntry(path, ByteCount.Zero));
            }
            else
            {
                AddFile(path, file.ReadContent().Span, file.Permissions);
            }
        }

        AddFile(RamdiskLayout.Init, program, Executable);
        writer.Finish();
        return stream;

        void AddFile(string path, ReadOnlySpan<byte> content, int permissions)
        {
            writer.AddFile(path[1..], content, permissions);
            entries.Add(new RamdiskEntry(path, new ByteCount((ulong)content.Length)));
        }
    }

    private static IEnumerable<string> FoldersAbove(string path)
    {
        for (int slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            yield return path[1..slash];
        }
    }

    // Where files really lie: /lib may be a link to usr/lib, and the same library may come twice, once by each way.
    private static SortedDictionary<string, RamdiskFile> Place(IReadOnlyList<RamdiskFile> files)
    {
        var placed = new SortedDictionary<string, RamdiskFile>(StringComparer.Ordinal);
        foreach (RamdiskFile file in files)
        {
            if (file.LinkTarget is not null)
            {
                placed.TryAdd(file.Path, file);
            }
        }

        foreach (RamdiskFile file in files)
        {
            placed.TryAdd(Place(file.Path, placed), file);
        }

        return placed;
    }

    private static string Place(string path, SortedDictionary<string, RamdiskFile> files)
    {
        int slash = path.IndexOf('/', 1);
        return slash > 0 && files.TryGetValue(path[..slash], out RamdiskFile? link) && link.LinkTarget is { } target
            ? $"/{target.TrimStart('/')}{path[slash..]}" : path;
    }

    private static byte[] ReadProgram(string path)
    {
        byte[] program = File.ReadAllBytes(path);
        string? found = !ElfSections.IsElf64(program) ? "no ELF64 file"
            : ElfSections.HasInterpreter(program) ? "a program that needs shared libraries"
            : null;
        return found is null ? program : throw new DiagnosticException(
            new Diagnostic(CaptureDiagnostics.BadInitProgram, "This program cannot be /init of a ramdisk")
            {
                Where = path,
                Found = found,
                Expected = "a statically linked program",
                Remedy = "Use the published static program",
            });
    }

    private static RamdiskCompression Choose(KernelConfig? config) =>
        config is null || (!config.IsEnabled("RD_ZSTD") && config.IsEnabled("RD_GZIP")) ? RamdiskCompression.Gzip
        : config.IsEnabled("RD_ZSTD") ? RamdiskCompression.Zstd
        : RamdiskCompression.None;

    private static byte[] Compress(ReadOnlySpan<byte> archive, RamdiskCompression compression, int zstdLevel) => compression switch
    {
        RamdiskCompression.Zstd => ZstdArchive.Compress(archive, zstdLevel, ZstdWindowLog),
        RamdiskCompression.Gzip => GzipArchive.Compress(archive),
        _ => archive.ToArray(),
    };
}
