using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Kernel.Modules;

/// <summary>Finds the loaded modules.</summary>
internal static class ModuleList
{
    internal static KernelWalk<KernelModule> All(CrashedKernel kernel) => kernel.TryFindGlobal("modules", out KernelObject? head)
        ? kernel.List(head, "struct module", "list").Select(module => new KernelModule(kernel, module))
        : new KernelWalk<KernelModule>(kernel.MaxLinked, static walk => None(walk));

    private static IEnumerable<KernelModule> None(KernelWalk<KernelModule> walk)
    {
        walk.Stop(WalkEnd.Damaged);
        return [];
    }
}
