using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Kernel.Waiting;

/// <summary>Which addresses are those of tasks: what waits in a queue need not be one. The list is read when first asked.</summary>
internal sealed class TaskAddresses(CrashedKernel kernel)
{
    private Dictionary<ulong, KernelTask>? _tasks;

    internal KernelTask? Find(VirtualAddress? address)
    {
        if (_tasks is null)
        {
            _tasks = [];
            foreach (KernelTask task in kernel.Tasks)
            {
                _tasks[task.Address.Value] = task;
            }
        }

        return address is { } place ? _tasks.GetValueOrDefault(place.Value) : null;
    }
}
