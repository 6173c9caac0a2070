using Lifeboat.Core.Diagnostics;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Tasks;
using Lifeboat.Vmcore;

namespace Lifeboat.Inspect.Commands;

/// <summary>What commands share from one to the next: the dump, the kernel in it, and the task that is looked at.</summary>
/// <remarks><b>Thread safety.</b> One thread at a time.</remarks>
public sealed class InspectSession
{
    private readonly KernelFiles? _files;
    private CrashedKernel? _kernel;
    private CancellationToken _cancellation;

    /// <summary>A session on a kernel.</summary>
    public InspectSession(CrashedKernel kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        (_kernel, Dump) = (kernel, kernel.Dump);
    }

    /// <summary>A session on a dump; the kernel is looked for when a command first wants it.</summary>
    /// <param name="dump">The dump.</param>
    /// <param name="files">Symbols and types out of files, for what the dump lacks; null for none.</param>
    public InspectSession(DumpSource dump, KernelFiles? files = null)
    {
        ArgumentNullException.ThrowIfNull(dump);
        (Dump, _files) = (dump, files);
    }

    /// <summary>The dump.</summary>
    public DumpSource Dump { get; }

    /// <summary>The kernel to look at.</summary>
    /// <exception cref="DumpFormatException">What leads to its objects is missing or damaged.</exception>
    public CrashedKernel Kernel
    {
        get
        {
            if (_kernel is null)
            {
                _kernel = CrashedKernel.Open(Dump, files: _files);
                _kernel.Space.Cancellation = _cancellation;
            }

            return _kernel;
        }
    }

    /// <summary>What is missing of the kernel, and was worked around; empty as long as no command wanted it.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics => _kernel?.Diagnostics ?? [];

    /// <summary>Ends commands: once it is cancelled, what reads the kernel's memory throws <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken Cancellation
    {
        get => _cancellation;
        set
        {
            _cancellation = value;
            if (_kernel is { } kernel)
            {
                kernel.Space.Cancellation = value;
            }
        }
    }

    /// <summary>
    /// The task that commands mean when none is named: the one chosen, else the one that crashed, else, of a machine that did
    /// not crash, what its first CPU ran; null when none can be told.
    /// </summary>
    public KernelTask? Task
    {
        get => Chosen ?? Kernel.CrashedTask ?? (Kernel.RunningTasks is [var first, ..] ? first : null);
        set => Chosen = value;
    }

    /// <summary>The task chosen; null when none was.</summary>
    internal KernelTask? Chosen { get; private set; }
}
