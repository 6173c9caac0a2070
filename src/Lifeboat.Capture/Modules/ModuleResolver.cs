using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Modules;

/// <summary>Walks the dependencies of modules, depth first, as modprobe does: soft ones, hard ones, the module.</summary>
internal sealed class ModuleResolver(ModuleTree tree)
{
    // Real chains are shorter than ten; a hostile index must not exhaust the stack.
    private const int MaxDepth = 64;

    private readonly List<KernelModule> _order = [];
    private readonly List<ModuleName> _builtIn = [];
    private readonly List<Diagnostic> _notices = [];
    private readonly HashSet<ModuleName> _done = [];
    private readonly List<ModuleName> _path = [];

    internal ModuleClosure Resolve(IReadOnlyList<string> wanted)
    {
        foreach (string name in wanted)
        {
            Visit(new ModuleName(name));
        }

        return new ModuleClosure(_order, _builtIn, _notices);
    }

    private void Visit(ModuleName name)
    {
        if (_done.Contains(name))
        {
            return;
        }

        if (!tree.TryFind(name, out KernelModule? module))
        {
            if (!tree.IsBuiltIn(name))
            {
                throw Missing(name);
            }

            _builtIn.Add(name);
            _done.Add(name);
            return;
        }

        if (_path.Contains(name) || _path.Count >= MaxDepth)
        {
            throw new DiagnosticException(
                new Diagnostic(CaptureDiagnostics.ModuleCycle, "Modules depend on each other in a circle")
                {
                    Where = tree.Directory,
                    Found = string.Join(" -> ", _path.Append(name)),
                    Remedy = "Run depmod again, or reinstall the kernel's package",
                });
        }

        _path.Add(name);
        (IReadOnlyList<string> before, IReadOnlyList<string> after) = tree.SoftDependenciesOf(module!);
        VisitSoft(module!, before);
        foreach (ModuleName dependency in tree.DependenciesOf(module!))
        {
            Visit(dependency);
        }

        _path.RemoveAt(_path.Count - 1);
        if (_done.Add(name))
        {
            _order.Add(module!);
        }

        VisitSoft(module!, after);
    }

    private void VisitSoft(KernelModule module, IReadOnlyList<string> namesOrAliases)
    {
        foreach (string nameOrAlias in namesOrAliases)
        {
            IReadOnlyList<KernelModule> found = tree.FindByNameOrAlias(nameOrAlias);
            if (found.Count == 0 && !tree.IsBuiltInNameOrAlias(nameOrAlias))
            {
                _notices.Add(new Diagnostic(
                    CaptureDiagnostics.SoftDependencyMissing,
                    $"The module {module.Name} would like {nameOrAlias}, which is neither present nor built in")
                {
                    Where = tree.Directory,
                });
            }

            // A soft dependency that needs what is being loaded cannot come before it; it is no error.
            foreach (KernelModule soft in found.Where(soft => !_done.Contains(soft.Name) && !NeedsAnyOfThePath(soft)))
            {
                Visit(soft.Name);
            }
        }
    }

    private bool NeedsAnyOfThePath(KernelModule module)
    {
        var seen = new HashSet<ModuleName> { module.Name };
        var pending = new Stack<KernelModule>([module]);
        while (pending.TryPop(out KernelModule? next))
        {
            if (_path.Contains(next.Name))
            {
                return true;
            }

            foreach (ModuleName dependency in tree.DependenciesOf(next))
            {
                if (seen.Add(dependency) && tree.TryFind(dependency, out KernelModule? found))
                {
                    pending.Push(found!);
                }
            }
        }

        return false;
    }

    private DiagnosticException Missing(ModuleName name)
    {
        string needed = _path.Count == 0 ? "" : $", which {_path[^1]} depends on,";
        return new(new Diagnostic(
            CaptureDiagnostics.ModuleMissing, $"The module {name}{needed} is neither built in nor present")
        {
            Where = tree.Directory,
            Expected = $"{name.Value}.ko (or .ko.xz, .ko.zst) below kernel/, or a line in modules.builtin",
            Remedy = "Install the whole kernel package of this release (a 'cloud' kernel leaves modules out), "
                + "or name the folder of the release that will be booted",
        });
    }
}
