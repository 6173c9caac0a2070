using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Modules;

/// <summary>
/// The modules of one kernel: a folder <c>/lib/modules/RELEASE</c>, of an installed kernel or of a package that was
/// only unpacked.
/// </summary>
/// <remarks>
/// <para>Where depmod ran, its indexes say what depends on what (modules.dep, modules.softdep, modules.alias). Where it
/// did not, as in an unpacked package, each module's own .modinfo section says the same.</para>
/// <para><b>Thread safety.</b> One thread at a time.</para>
/// </remarks>
public sealed class ModuleTree
{
    private readonly ModuleIndex _index;
    private readonly Dictionary<ModuleName, string> _files;
    private readonly Dictionary<ModuleName, ModuleInfo?> _information = [];

    private ModuleTree(string directory, ModuleIndex index, Dictionary<ModuleName, string> files)
    {
        Directory = directory;
        _index = index;
        _files = files;
    }

    /// <summary>The folder.</summary>
    public string Directory { get; }

    /// <summary>Whether depmod ran here, so that dependencies come from its index.</summary>
    public bool HasDependencyIndex => _index.Dependencies is not null;

    /// <summary>Opens the folder of one kernel's modules.</summary>
    /// <exception cref="DiagnosticException">There is no such folder, or it holds no modules and names none as built in.</exception>
    public static ModuleTree Open(string directory)
    {
        if (!System.IO.Directory.Exists(directory))
        {
            throw NotATree(directory, "no such folder");
        }

        ModuleIndex index = ModuleIndex.Read(directory);
        Dictionary<ModuleName, string> files = FindFiles(directory, index);
        return files.Count > 0 || index.BuiltIn.Count > 0
            ? new ModuleTree(directory, index, files)
            : throw NotATree(directory, "neither a module nor modules.builtin");
    }

    /// <summary>Whether the kernel has the module built in.</summary>
    public bool IsBuiltIn(ModuleName name) => _index.BuiltIn.Contains(name);

    /// <summary>Finds the file of a module.</summary>
    public bool TryFind(ModuleName name, out KernelModule? module)
    {
        module = _files.TryGetValue(name, out string? path) ? new KernelModule(name, path) : null;
        return module is not null;
    }

    /// <summary>The modules that have to be loaded, and in which order, for <paramref name="wanted"/> to work.</summary>
    /// <param name="wanted">Names of modules; those the kernel has built in need nothing.</param>
    /// <exception cref="DiagnosticException">
    /// A module is neither built in nor present, cannot be read, or depends on itself in a circle.
    /// </exception>
    public ModuleClosure Resolve(IReadOnlyList<string> wanted) => new ModuleResolver(this).Resolve(wanted);

    /// <summary>The modules that must be loaded before this one.</summary>
    internal IReadOnlyList<ModuleName> DependenciesOf(KernelModule module)
    {
        if (_index.Dependencies?.TryGetValue(module.Name, out IReadOnlyList<string>? paths) == true)
        {
            return [.. paths.Select(NameOfPath).OfType<ModuleName>()];
        }

        return [.. InformationOf(module).Dependencies.Select(name => new ModuleName(name))];
    }

    /// <summary>Names and aliases that should be loaded before and after this one.</summary>
    internal (IReadOnlyList<string> Before, IReadOnlyList<string> After) SoftDependenciesOf(KernelModule module)
    {
        if (_index.SoftDependencies is { } table)
        {
            return table.TryGetValue(module.Name, out (List<string> Before, List<string> After) soft) ? soft : ([], []);
        }

        ModuleInfo information = InformationOf(module);
        return (information.SoftBefore, information.SoftAfter);
    }

    /// <summary>The modules with a file that a name or an alias stands for, in the order of their names.</summary>
    internal IReadOnlyList<KernelModule> FindByNameOrAlias(string nameOrAlias)
    {
        if (TryFind(new ModuleName(nameOrAlias), out KernelModule? module))
        {
            return [module!];
        }

        if (_index.Aliases is { } aliases)
        {
            return aliases.TryGetValue(nameOrAlias, out List<ModuleName>? names)
                ? [.. names.Where(_files.ContainsKey).Select(name => new KernelModule(name, _files[name]))]
                : [];
        }

        // Without depmod's index every module would have to be read. The aliases of soft dependencies are names of
        // algorithms (crypto-crc32c, blake2b-256, xxhash64), and the modules that provide one carry its stem in their name.
        string part = nameOrAlias.StartsWith("crypto-", StringComparison.Ordinal)
            ? nameOrAlias["crypto-".Length..].Replace('-', '_')
            : nameOrAlias.Split('-')[0].TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        return
        [
            .. _files.Keys.Where(name => name.Value.Contains(part, StringComparison.Ordinal))
                .OrderBy(name => name.Value, StringComparer.Ordinal)
                .Select(name => new KernelModule(name, _files[name]))
                .Where(candidate => InformationOf(candidate).Aliases.Contains(nameOrAlias, StringComparer.Ordinal)),
        ];
    }

    /// <summary>Whether a name or an alias stands for something built in.</summary>
    internal bool IsBuiltInNameOrAlias(string nameOrAlias) =>
        IsBuiltIn(new ModuleName(nameOrAlias)) || _index.BuiltInAliases.Contains(nameOrAlias);

    private static ModuleName? NameOfPath(string path) =>
        ModuleName.TryFromPath(path, out ModuleName? name) ? name : null;

    private static Dictionary<ModuleName, string> FindFiles(string directory, ModuleIndex index)
    {
        // depmod's own order of preference: updates, extra, then what came with the kernel.
        string[] preferred = ["kernel", "extra", "updates"];
        var files = new Dictionary<ModuleName, string>();
        foreach (string folder in preferred.Select(name => Path.Combine(directory, name)))
        {
            // Links are not followed: 'build' and 'source' lead out of the tree.
            var options = new EnumerationOptions
            {
                RecurseSubdirectories = true,
                AttributesToSkip = FileAttributes.ReparsePoint,
                MaxRecursionDepth = 16,
            };
            IEnumerable<string> found = System.IO.Directory.Exists(folder)
                ? System.IO.Directory.EnumerateFiles(folder, "*.ko*", options).Order(StringComparer.Ordinal)
                : [];
            foreach (string path in found)
            {
                if (ModuleName.TryFromPath(path, out ModuleName? name))
                {
                    files[name] = path;
                }
            }
        }

        // What depmod chose wins over our order, when the file is there.
        foreach (string path in index.Paths)
        {
            string full = Path.GetFullPath(Path.Combine(directory, path));
            if (ModuleName.TryFromPath(path, out ModuleName? name) && File.Exists(full))
            {
                files[name] = full;
            }
        }

        return files;
    }

    private static DiagnosticException NotATree(string directory, string found) =>
        new(new Diagnostic(CaptureDiagnostics.NoModuleDirectory, "This is no folder of kernel modules")
        {
            Where = directory,
            Found = found,
            Expected = "/lib/modules/RELEASE with the folder kernel/ and the file modules.builtin",
            Remedy = "Install the kernel's package, or name the folder of the release that will be booted",
        });

    private ModuleInfo InformationOf(KernelModule module)
    {
        if (!_information.TryGetValue(module.Name, out ModuleInfo? information))
        {
            information = ModuleInfo.TryRead(ModuleFile.Read(module.Path));
            _information[module.Name] = information;
        }

        return information ?? throw new DiagnosticException(
            new Diagnostic(CaptureDiagnostics.BadModule, $"The module {module.Name} says nothing of itself")
            {
                Where = module.Path,
                Expected = "a section .modinfo",
                Remedy = "Reinstall the kernel's package, or unpack it again",
            });
    }
}
