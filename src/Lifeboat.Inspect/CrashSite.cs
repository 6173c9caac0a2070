namespace Lifeboat.Inspect;

/// <summary>Where it happened.</summary>
public sealed record CrashSite
{
    /// <summary>The place in the kernel's code, as <see cref="CpuStack.Frames"/>; null for one in a program.</summary>
    public string? Place { get; init; }

    /// <summary>Whether the processor stopped at exactly this instruction, rather than in a call.</summary>
    public bool IsInstruction { get; init; }

    /// <summary>The bytes around the instruction in hex, as the kernel prints them: <c>31 c0 &lt;c7&gt; 40</c>.</summary>
    public string? Code { get; init; }

    /// <summary>The address that could not be read or written, in hex.</summary>
    public string? FaultAddress { get; init; }

    /// <summary>What that address belongs to.</summary>
    public string? FaultAddressIs { get; init; }

    /// <summary>The registers at the place; those of the CPU when it is none of an instruction.</summary>
    public IReadOnlyList<ReportRegister> Registers { get; init; } = [];

    /// <summary>The calls that led to the place, from it on.</summary>
    public IReadOnlyList<string> Frames { get; init; } = [];

    /// <summary>The task that it happened to, where that is none of those that ran: one that was blocked for too long.</summary>
    public ReportTask? Task { get; init; }
}
