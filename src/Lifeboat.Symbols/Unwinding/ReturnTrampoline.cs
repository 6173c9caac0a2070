namespace Lifeboat.Symbols.Unwinding;

/// <summary>What the kernel had put in a return address's place.</summary>
public enum ReturnTrampoline
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The function graph tracer (<c>return_to_handler</c>).</summary>
    FunctionGraph,

    /// <summary>A return probe (<c>arch_rethook_trampoline</c>, <c>kretprobe_trampoline</c>).</summary>
    ReturnProbe,
}
