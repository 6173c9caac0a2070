using Lifeboat.Core;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Purgatory;

namespace Lifeboat.Kexec.Planning;

/// <summary>What is to be loaded, and on which machine, whatever starts it.</summary>
public abstract record LoadRequest
{
    private protected LoadRequest()
    {
    }

    /// <summary>The kernel image, a whole file.</summary>
    public required ReadOnlyMemory<byte> Kernel { get; init; }

    /// <summary>What to call the image in messages: its path.</summary>
    public required string KernelName { get; init; }

    /// <summary>
    /// The ramdisk as the kernel takes it, compressed or not; empty for none. <see cref="Ramdisks.Join"/> makes one of several.
    /// </summary>
    public ReadOnlyMemory<byte> Ramdisk { get; init; }

    /// <summary>What a Multiboot kernel is given; a Linux kernel takes none.</summary>
    public IReadOnlyList<BootModule> Modules { get; init; } = [];

    /// <summary>Whether a bzImage is started at its 32-bit entry (kexec --entry-32bit).</summary>
    public bool Entry32Bit { get; init; }

    /// <summary>The next kernel's command line, without what the planner itself appends.</summary>
    public required string CommandLine { get; init; }

    /// <summary>The machine that it is loaded on.</summary>
    public required MachineDescription Machine { get; init; }

    /// <summary>What the next kernel is told beyond command line and ramdisk.</summary>
    public HandOverOptions HandOver { get; init; } = new();

    /// <summary>What runs between the two kernels.</summary>
    public PurgatoryOptions Purgatory { get; init; } = new();

    /// <summary>The image as it is to be started.</summary>
    /// <exception cref="Core.Diagnostics.DiagnosticException">It is no kernel, or one that cannot be started.</exception>
    internal KernelImage OpenImage() => KernelFile.Open(Kernel, KernelName, Limits).Image switch
    {
        BzImage image when Entry32Bit => image.AsProtected32(),
        var image => image,
    };

    /// <summary>What is believed of the image.</summary>
    public DumpLimits Limits { get; init; } = DumpLimits.Default;
}
