using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Printk;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Kernel;

/// <summary>The kernel's log, as <c>dmesg</c> would have printed it at the moment of the dump.</summary>
/// <remarks><para>Kernels from 5.10 on, by VMCOREINFO alone. <b>Thread safety.</b> Immutable once
/// read.</para></remarks>
public sealed class KernelLog
{
    internal KernelLog(IReadOnlyList<LogRecord> records, IReadOnlyList<Diagnostic> diagnostics)
    {
        Records = records;
        Diagnostics = diagnostics;
    }

    /// <summary>The records, oldest first.</summary>
    public IReadOnlyList<LogRecord> Records { get; }

    /// <summary>What could not be read, and why; empty when the log is whole.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    /// <summary>Reads the log. A log that is not there, or damaged, gives what can be read, and diagnostics.</summary>
    /// <param name="dump">The dump; used by the caller's thread.</param>
    /// <param name="limits">What to believe of it; null for <see cref="DumpLimits.Default"/>.</param>
    public static KernelLog Read(DumpSource dump, DumpLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(dump);
        return Read(dump, dump.Vmcoreinfo, limits ?? DumpLimits.Default);
    }

    internal static KernelLog Read(IPhysicalMemory memory, Vmcoreinfo info, DumpLimits limits)
    {
        AddressSpace space;
        try
        {
            space = AddressSpace.OpenKernel(memory, info);
        }
        catch (DumpFormatException e)
        {
            return new KernelLog([], e.Diagnostics);
        }

        var diagnostics = new List<Diagnostic>();
        var missing = new List<string>();
        PrintkLayout? layout = PrintkLayout.Read(info, missing);
        if (!info.TryGetSymbol("prb", out VirtualAddress pointer))
        {
            missing.Add("SYMBOL(prb)");
        }

        if (layout is null || missing.Count > 0)
        {
            diagnostics.Add(new Diagnostic(KernelDiagnosticIds.NoLog, "the log cannot be found")
            {
                Where = "VMCOREINFO",
                Expected = string.Join(", ", missing),
                Remedy = "Logs of kernels before 5.10 cannot be read.",
            });
            return new KernelLog([], diagnostics);
        }

        PrintkRing? ring = PrintkRing.Read(space, pointer, layout, limits, diagnostics);
        if (ring is null)
        {
            return new KernelLog([], diagnostics);
        }

        var reader = new PrintkReader(space, layout, ring);
        List<LogRecord> records = reader.ReadAll();
        if (reader.Unreadable > 0)
        {
            diagnostics.Add(PrintkRing.Unreadable($"{reader.Unreadable} of the log's records", reader.FirstFault));
        }

        if (reader.Damaged > 0)
        {
            diagnostics.Add(new Diagnostic(KernelDiagnosticIds.DamagedLog, "records of the log contradict themselves")
            {
                Found = $"{reader.Damaged} records, which are left out",
            });
        }

        return new KernelLog(records, diagnostics);
    }
}
