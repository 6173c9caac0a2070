using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Time;

/// <summary>A timer by the nanosecond (<c>struct hrtimer</c>).</summary>
/// <remarks><para>Each property reads memory anew. What cannot be read is null.</para></remarks>
public sealed class HighResolutionTimer
{
    private const string ClockPrefix = "HRTIMER_BASE_";

    private readonly KernelObject _clock;
    private readonly int _clockIndex;
    private readonly CrashedKernel _kernel;

    internal HighResolutionTimer(CrashedKernel kernel, KernelObject timer, KernelObject clock, int clockIndex, int cpu) =>
        (_kernel, Object, _clock, _clockIndex, Cpu) = (kernel, timer, clock, clockIndex, cpu);

    /// <summary>The <c>struct hrtimer</c>.</summary>
    public KernelObject Object { get; }

    /// <summary>The CPU.</summary>
    public int Cpu { get; }

    /// <summary>The clock it goes by: <c>MONOTONIC</c>, <c>REALTIME</c>, <c>BOOTTIME_SOFT</c>; null when the kernel does not name it.</summary>
    public string? Clock => _kernel.Types.TryFind("enum hrtimer_base_type", out KernelType? names)
        && names.NameOf(_clockIndex) is { } name && name.StartsWith(ClockPrefix, StringComparison.Ordinal)
        ? name[ClockPrefix.Length..] : null;

    /// <summary>The clock itself (<c>struct hrtimer_clock_base</c>).</summary>
    public VirtualAddress ClockBase => _clock.Address;

    /// <summary>The first nanosecond of the clock at which it may go off.</summary>
    public long? SoftExpires => Object.SignedNumber("_softexpires");

    /// <summary>The last nanosecond at which it should.</summary>
    public long? Expires => Object.SignedNumber("node.expires");

    /// <summary>What it calls.</summary>
    public VirtualAddress? Function => Object.AddressIn("function");
}
