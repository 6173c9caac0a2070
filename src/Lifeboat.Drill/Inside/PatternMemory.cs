using System.Runtime.InteropServices;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Drill.Inside.Interop;
using Microsoft.Win32.SafeHandles;

namespace Lifeboat.Drill.Inside;

/// <summary>Fills user, page-cache and kernel memory with known bytes, and keeps it mapped until the crash.</summary>
internal static class PatternMemory
{
    private const int RingBlockPages = 16;

    /// <summary>Anonymous memory of this process.</summary>
    public static PatternPages FillUser(PageMap map, ulong seed, int pages)
    {
        nint address = Map(pages, LibC.ProtReadWrite, LibC.MapPrivateAnonymous, -1, "anonymous memory");
        return Fill(map, address, PatternKind.User, seed, pages);
    }

    /// <summary>A file's pages in the page cache, written to the disk so that they are clean.</summary>
    public static PatternPages FillPageCache(PageMap map, ulong seed, int pages, string path)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite);
        byte[] page = new byte[Pfn.PageSize];
        for (int index = 0; index < pages; index++)
        {
            KnownPattern.Fill(page, seed, PatternKind.PageCache, index);
            RandomAccess.Write(file, page, (long)index * Pfn.PageSize);
        }

        RandomAccess.FlushToDisk(file);
        nint address = Map(
            pages, LibC.ProtRead, LibC.MapShared | LibC.MapPopulate, (int)file.DangerousGetHandle(), path);
        return Record(map, address, PatternKind.PageCache, pages);
    }

    /// <summary>
    /// Pages of the kernel's own: the receive ring of a packet socket, which the kernel allocates for itself and lets
    /// this process map, so that its frames can be looked up.
    /// </summary>
    public static unsafe PatternPages FillKernel(PageMap map, ulong seed, int pages)
    {
        int socket = LibC.Socket(LibC.FamilyPacket, LibC.SocketRaw, 0);
        int blocks = Math.Max(1, pages / RingBlockPages);
        int blockSize = RingBlockPages * Pfn.PageSize;
        const int FrameSize = 2048;

        // struct tpacket_req (linux/if_packet.h): block size, blocks, frame size, frames.
        uint* request = stackalloc uint[4] { (uint)blockSize, (uint)blocks, FrameSize, (uint)(blocks * (blockSize / FrameSize)) };

        // Safety: the request lies on this stack for the call, and its length goes with it.
        if (socket < 0 || LibC.SetSocketOption(socket, LibC.SolPacket, LibC.PacketReceiveRing, request, 4 * sizeof(uint)) != 0)
        {
            throw new KernelInterfaceException("PACKET_RX_RING", "packet socket", (Errno)Marshal.GetLastPInvokeError());
        }

        int count = blocks * RingBlockPages;
        nint address = Map(count, LibC.ProtReadWrite, LibC.MapShared, socket, "packet ring");
        return Fill(map, address, PatternKind.Kernel, seed, count);
    }

    private static nint Map(int pages, int protection, int flags, int descriptor, string what)
    {
        nint address = LibC.MapMemory(0, (nuint)pages * Pfn.PageSize, protection, flags, descriptor, 0);
        return address != -1
            ? address
            : throw new KernelInterfaceException("mmap", what, (Errno)Marshal.GetLastPInvokeError());
    }

    private static unsafe PatternPages Fill(PageMap map, nint address, PatternKind kind, ulong seed, int pages)
    {
        for (int index = 0; index < pages; index++)
        {
            // Safety: the mapping has this many pages, and nothing unmaps it before the crash.
            KnownPattern.Fill(new Span<byte>((byte*)address + ((long)index * Pfn.PageSize), Pfn.PageSize), seed, kind, index);
        }

        return Record(map, address, kind, pages);
    }

    private static PatternPages Record(PageMap map, nint address, PatternKind kind, int pages) =>
        new() { Kind = kind, Pfns = map.Pfns(new VirtualAddress((ulong)address), pages) };
}
