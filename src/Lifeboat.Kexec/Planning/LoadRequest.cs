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

    /// <summary>The kernel; of what else lies in its file nothing is taken by itself.</summary>
    public required KernelFile Kernel { get; init; }

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
    /// <exception cref="Core.Diagnostics.DiagnosticException">It cannot be started so.</exception>
    internal KernelImage Image => Kernel.Image switch
    {
        BzImage image when Entry32Bit => image.AsProtected32(),
        var image => image,
    };
}
