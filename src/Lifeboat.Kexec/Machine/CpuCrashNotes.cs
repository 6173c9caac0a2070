using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Machine;

/// <summary>
/// Where a CPU saves its registers when the kernel crashes (/sys/devices/system/cpu/cpuN/crash_notes).
/// </summary>
/// <param name="Cpu">The CPU's number.</param>
/// <param name="Range">The memory of its notes.</param>
public sealed record CpuCrashNotes(int Cpu, PhysicalRange Range);
