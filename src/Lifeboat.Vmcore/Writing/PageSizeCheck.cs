using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Kdump;
using Lifeboat.Vmcore.Split;

namespace Lifeboat.Vmcore.Writing;

/// <summary>Refuses to write dumps of machines whose pages are not of 4 KiB: readers would count their pages wrong.</summary>
internal static class PageSizeCheck
{
    /// <exception cref="DumpFormatException">The machine's pages are larger.</exception>
    internal static void ThrowUnlessWritable(DumpSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        int size = source.Vmcoreinfo.IsEmpty ? BlockSizeOf(source) : source.Vmcoreinfo.PageSize;
        if (size != Pfn.PageSize)
        {
            throw new DumpFormatException(
                new Diagnostic(VmcoreDiagnosticIds.Unsupported, "dumps of a machine with pages of this size cannot be written")
                {
                    Where = source.Path,
                    Found = $"pages of {size} bytes",
                    Expected = $"{Pfn.PageSize}",
                    Remedy = "Keep the dump as it is: it can be read.",
                });
        }
    }

    // QEMU's block size for arm64 is the largest there is, whatever the kernel's; only VMCOREINFO knows.
    private static int BlockSizeOf(DumpSource source) => source switch
    {
        KdumpDumpSource kdump => kdump.Layout.Header.BlockSize,
        SplitDumpSource split => split.Parts[0].Layout.Header.BlockSize,
        _ => Pfn.PageSize,
    };
}
