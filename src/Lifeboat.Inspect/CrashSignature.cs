using System.Text;
using Lifeboat.Core.Hashing;
using Lifeboat.Kernel;

namespace Lifeboat.Inspect;

/// <summary>
/// A short name of a crash that is the same for the same bug: across boots, CPUs and builds of the same code.
/// </summary>
/// <remarks>
/// SHA-256 of the kind and of the names of the innermost functions, without what only reports the crash, offsets, modules and
/// what the compiler puts behind names (<c>.cold</c>, <c>.isra.0</c>); the first 16 digits.
/// </remarks>
public static class CrashSignature
{
    private const int MostFunctions = 5;
    private const int Digits = 16;

    // On the way from the fault to the second kernel, in every crash.
    private static readonly HashSet<string> Reporters = new(StringComparer.Ordinal)
    {
        "__crash_kexec", "crash_kexec", "machine_kexec", "crash_setup_regs", "panic", "vpanic", "nmi_panic", "__panic",
        "oops_end", "oops_exit", "oops_enter", "die", "die_addr", "__die", "__die_body", "page_fault_oops", "no_context",
        "kernelmode_fixup_or_oops", "__bad_area_nosemaphore", "bad_area_nosemaphore", "__bad_area", "bad_area",
        "do_user_addr_fault", "do_kern_addr_fault", "exc_page_fault", "asm_exc_page_fault", "do_page_fault", "page_fault",
        "exc_general_protection", "asm_exc_general_protection", "do_trap", "do_error_trap", "exc_invalid_op",
        "asm_exc_invalid_op", "handle_bug", "report_bug", "make_task_dead", "do_exit", "exc_nmi", "asm_exc_nmi", "end_repeat_nmi",
        "default_do_nmi", "nmi_handle", "unknown_nmi_error", "do_nmi",
    };

    /// <summary>The signature; null when no function is known.</summary>
    /// <param name="kind">The kind of crash.</param>
    /// <param name="frames">The stack of the task that crashed, as <see cref="CpuStack.Frames"/> has it.</param>
    public static string? Of(PanicKind kind, IReadOnlyList<string> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        var text = new StringBuilder(kind.ToString());
        int count = 0;
        foreach (string frame in frames)
        {
            if (count < MostFunctions && FunctionOf(frame) is { } function && !Reporters.Contains(function))
            {
                text.Append('\n').Append(function);
                count++;
            }
        }

        return count == 0 ? null : Convert.ToHexStringLower(Sha256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..Digits];
    }

    /// <summary>The function's name in the source; null for a guess, and for an address without a name.</summary>
    internal static string? FunctionOf(string frame)
    {
        int end = frame.IndexOf('+', StringComparison.Ordinal);
        if (end <= 0 || frame[0] == '?')
        {
            return null;
        }

        int suffix = frame.IndexOf('.', StringComparison.Ordinal);
        return frame[..(suffix > 0 && suffix < end ? suffix : end)];
    }
}
