using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Modules;

/// <summary>Finds the types of a module, which the kernel has copied beside its own (<c>struct btf_module</c>, kernel/bpf/btf.c).</summary>
/// <remarks>Where <c>struct module</c> says they are was given up once the module had started.</remarks>
internal static class ModuleTypes
{
    internal static KernelTypes? Find(CrashedKernel kernel, KernelObject module)
    {
        if (!kernel.Types.TryFind("struct btf_module", out _)
            || !kernel.TryFindGlobal("btf_modules", "struct list_head", out KernelObject? head))
        {
            return null;
        }

        foreach (KernelObject entry in kernel.List(head, "struct btf_module", "list"))
        {
            if (entry.TryGet("module", out KernelObject? owner) && owner.Pointer == module.Address)
            {
                return entry.TryGet("btf.data", out KernelObject? data) && data.Pointer is { } start
                    && entry.TryGet("btf.data_size", out KernelObject? size) && size.Unsigned is { } bytes
                    && kernel.ReadTypes(start, new ByteCount(bytes)) is { } types ? new KernelTypes(types) : null;
            }
        }

        return null;
    }
}
