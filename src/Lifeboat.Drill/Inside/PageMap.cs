using System.Buffers.Binary;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Microsoft.Win32.SafeHandles;

namespace Lifeboat.Drill.Inside;

/// <summary>Which page frames stand behind this process's own memory, from /proc/self/pagemap.</summary>
internal sealed class PageMap : IDisposable
{
    private const ulong PresentBit = 1UL << 63;
    private const ulong PfnMask = (1UL << 55) - 1;

    private readonly SafeFileHandle _file = File.OpenHandle("/proc/self/pagemap");

    /// <summary>The page frames of <paramref name="count"/> pages from <paramref name="address"/>.</summary>
    /// <exception cref="KernelInterfaceException">A page has no frame, or the kernel hides frames from this process.</exception>
    public ulong[] Pfns(VirtualAddress address, int count)
    {
        byte[] entries = new byte[count * sizeof(ulong)];
        int read = RandomAccess.Read(_file, entries, (long)(address.Value / Pfn.PageSize * sizeof(ulong)));
        ulong[] pfns = new ulong[count];
        for (int page = 0; page < count; page++)
        {
            ulong entry = (page + 1) * sizeof(ulong) <= read
                ? BinaryPrimitives.ReadUInt64LittleEndian(entries.AsSpan(page * sizeof(ulong)))
                : 0;
            pfns[page] = entry & PfnMask;
            if ((entry & PresentBit) == 0 || pfns[page] == 0)
            {
                throw new KernelInterfaceException("read", "/proc/self/pagemap", Errno.EFAULT);
            }
        }

        return pfns;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
