using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Vmcore;

namespace Lifeboat.Kernel;

/// <summary>The kernel's log, as <c>dmesg</c> would have printed it at the moment of the dump.</summary>
public sealed class KernelLog
{
    private KernelLog(IReadOnlyList<LogRecord> records, IReadOnlyList<Diagnostic> diagnostics)
    {
        Records = records;
        Diagnostics = diagnostics;
    }

    /// <summary>The records, oldest first.</summary>
    public IReadOnlyList<LogRecord> Records { get; }

    /// <summary>What could not be read, and why; empty when the log is whole.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    /// <summary>Reads the log. A log that is not there, or damaged, gives what can be read, and diagnostics.</summary>
    public static KernelLog Read(DumpSource dump, DumpLimits? limits = null) =>
        throw new NotSupportedException($"{dump} {limits}");
}
