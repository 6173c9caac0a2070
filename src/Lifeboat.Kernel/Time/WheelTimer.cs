using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Time;

/// <summary>A timer in a CPU's timer wheel (<c>struct timer_list</c>).</summary>
/// <remarks><para>Each property reads memory anew. What cannot be read is null.</para></remarks>
public sealed class WheelTimer
{
    internal WheelTimer(KernelObject timer, int cpu, string wheel) => (Object, Cpu, Wheel) = (timer, cpu, wheel);

    /// <summary>The <c>struct timer_list</c>.</summary>
    public KernelObject Object { get; }

    /// <summary>The CPU.</summary>
    public int Cpu { get; }

    /// <summary>The wheel: <c>STD</c> and <c>DEF</c> (deferrable), since 6.8 <c>LOCAL</c>, <c>GLOBAL</c> and <c>DEF</c>.</summary>
    public string Wheel { get; }

    /// <summary>When it goes off, in jiffies.</summary>
    public ulong? Expires => Object.Number("expires");

    /// <summary>What it calls.</summary>
    public VirtualAddress? Function => Object.AddressIn("function");
}
