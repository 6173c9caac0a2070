using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Block;
using Lifeboat.Kernel.Interrupts;
using Lifeboat.Kernel.Ipc;
using Lifeboat.Kernel.Net;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Kernel.Time;
using Lifeboat.Kernel.Waiting;

namespace Lifeboat.Kernel;

/// <content>The kernel's objects beside tasks, modules and memory.</content>
public sealed partial class CrashedKernel
{
    private const int LoadFractionBits = 11; // FSHIFT

    private TaskAddresses? _taskAddresses;

    /// <summary>The hardware as the kernel knew it.</summary>
    public Processors.Machine Machine => new(this);

    /// <summary>The network of the first namespace; null when its place is not known.</summary>
    public NetNamespace? Network => this.Global("init_net", "struct net") is { } net ? new NetNamespace(this, net) : null;

    /// <summary>System V IPC of the first namespace; null when its place is not known.</summary>
    public IpcNamespace? Ipc =>
        this.Global("init_ipc_ns", "struct ipc_namespace") is { } space ? new IpcNamespace(this, space) : null;

    /// <summary>The disks.</summary>
    public KernelWalk<Disk> Disks => DiskList.All(this);

    /// <summary>Who has which numbers of character devices.</summary>
    public KernelWalk<DeviceNumber> CharacterDevices => DeviceNumbers.Character(this);

    /// <summary>Who has which numbers of block devices.</summary>
    public KernelWalk<DeviceNumber> BlockDevices => DeviceNumbers.Block(this);

    /// <summary>The devices on PCI buses.</summary>
    public KernelWalk<PciDevice> PciDevices => PciDevice.All(this);

    /// <summary>The interrupts, by number.</summary>
    public KernelWalk<InterruptLine> Interrupts => InterruptLines.All(this);

    /// <summary>The kinds of work that interrupts leave for later, by number.</summary>
    public IReadOnlyList<SoftInterrupt> SoftInterrupts => SoftInterrupt.All(this);

    /// <summary>The timers in the wheels of all CPUs, in no order within a wheel.</summary>
    public KernelWalk<WheelTimer> Timers => TimerWheels.All(this);

    /// <summary>The high-resolution timers of all CPUs, of each clock by when they go off.</summary>
    public KernelWalk<HighResolutionTimer> HighResolutionTimers => Time.HighResolutionTimers.All(this);

    /// <summary>The time of the scheduler's clocks, of the CPU that is ahead; null when none can be read.</summary>
    public TimeSpan? SchedulerTime
    {
        get
        {
            TimeSpan? latest = null;
            foreach (int cpu in OnlineCpus)
            {
                latest = ClockOf(cpu) is { } clock && (latest is null || clock > latest) ? clock : latest;
            }

            return latest;
        }
    }

    /// <summary>The load of 1, 5 and 15 minutes; empty when it cannot be read.</summary>
    public IReadOnlyList<double> LoadAverages
    {
        get
        {
            var loads = new List<double>();
            for (int i = 0; i < 3 && TryFindGlobal("avenrun", out KernelObject? averages); i++)
            {
                if (averages.At(averages.Type, averages.Address + new ByteCount((ulong)i * averages.Type.Size.Value)).Unsigned is { } load)
                {
                    loads.Add((double)load / (1 << LoadFractionBits));
                }
            }

            return loads;
        }
    }

    /// <summary>Which addresses are those of tasks.</summary>
    internal TaskAddresses TaskAddresses => _taskAddresses ??= new TaskAddresses(this);

    /// <summary>A mutex, to ask who has it; null when the kernel has no such type.</summary>
    public KernelMutex? MutexAt(VirtualAddress address) =>
        this.At("struct mutex", address) is { } mutex ? new KernelMutex(this, mutex) : null;

    /// <summary>A queue of waiters, to ask who waits in it.</summary>
    /// <exception cref="ArgumentException">The object is no queue.</exception>
    public WaitQueue WaitQueueOf(KernelObject head)
    {
        ArgumentNullException.ThrowIfNull(head);
        return WaitQueue.IsQueue(head.Type) ? new WaitQueue(this, head)
            : throw new ArgumentException($"{head.Type.Name} is no queue of waiters", nameof(head));
    }
}
