using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Kernel.Memory;

/// <summary>Finds the task whose kernel stack an address lies in.</summary>
internal sealed class StackOwners(CrashedKernel kernel)
{
    private const ulong DefaultSize = 16 << 10;

    private ulong[]? _bases;
    private KernelTask[] _tasks = [];
    private ulong _size;

    internal KernelTask? Find(VirtualAddress address)
    {
        if (_bases is null)
        {
            Read();
        }

        int index = Array.BinarySearch(_bases!, address.Value);
        index = index >= 0 ? index : ~index - 1;
        return index >= 0 && address.Value - _bases![index] < _size ? _tasks[index] : null;
    }

    /// <summary>The task whose kernel stack begins within a page above an address: where one that overflows goes.</summary>
    internal KernelTask? FindAbove(VirtualAddress address) =>
        address.Value <= ulong.MaxValue - Pfn.PageSize ? Find(new VirtualAddress(address.Value + Pfn.PageSize)) : null;

    private void Read()
    {
        _size = kernel.Types.TryFind("union thread_union", out KernelType? type) && type.Size.Value > 0 ? type.Size.Value : DefaultSize;
        var bases = new List<ulong>();
        var tasks = new List<KernelTask>();
        foreach (KernelTask task in kernel.Tasks)
        {
            if (task.StackBase is { Value: not 0 } start)
            {
                bases.Add(start.Value);
                tasks.Add(task);
            }
        }

        (_bases, _tasks) = ([.. bases], [.. tasks]);
        Array.Sort(_bases, _tasks);
    }
}
