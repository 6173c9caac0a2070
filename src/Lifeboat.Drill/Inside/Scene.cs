using System.Buffers.Binary;
using Lifeboat.Capture.Init;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Core.Memory;
using Lifeboat.Drill.Inside.Interop;

namespace Lifeboat.Drill.Inside;

/// <summary>What a machine has and a drill does without: a network interface that is up, a tmpfs with files, keys, swap.</summary>
internal static class Scene
{
    /// <summary>A tmpfs with files.</summary>
    public const string Folder = "/mnt/scene";

    /// <summary>Where debugfs is mounted.</summary>
    public const string DebugFolder = "/sys/kernel/debug";

    private const int InterfaceRequestSize = 40; // struct ifreq
    private const int InterfaceFlagsOffset = 16;
    private const int SwapPages = 1024;

    /// <summary>Makes it; what the kernel refuses is missing.</summary>
    public static void Make()
    {
        Directory.CreateDirectory(Folder);
        FileSystemMount.Mount("tmpfs", Folder, "tmpfs");
        FileSystemMount.Mount("debugfs", DebugFolder, "debugfs");
        string nested = Directory.CreateDirectory(Path.Combine(Folder, "a", "folder", "with a blank")).FullName;
        File.WriteAllBytes(Path.Combine(nested, "file"), new byte[(1 << 20) + 17]);
        RaiseLoopback();
        PlantedSecrets.Plant();
        MakeSwap(Path.Combine(RamdiskLayout.TargetMount, GuestPlan.RecordFolder, "swap"));
    }

    private static unsafe void RaiseLoopback()
    {
        // Safety: the request is of this frame and as long as the kernel reads and writes.
        byte* request = stackalloc byte[InterfaceRequestSize];
        var bytes = new Span<byte>(request, InterfaceRequestSize);
        bytes.Clear();
        "lo"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt16LittleEndian(bytes[InterfaceFlagsOffset..], LibC.InterfaceUp);
        _ = LibC.IoControl(LibC.Socket(LibC.FamilyInternet, LibC.SocketDatagram, 0), LibC.SetInterfaceFlags, request);
    }

    // union swap_header (linux/swap.h): version and last page after 1024 bytes, a magic at the page's end.
    private static void MakeSwap(string path)
    {
        byte[] pages = new byte[SwapPages * Pfn.PageSize];
        BinaryPrimitives.WriteUInt32LittleEndian(pages.AsSpan(1024), 1);
        BinaryPrimitives.WriteUInt32LittleEndian(pages.AsSpan(1028), SwapPages - 1);
        ReadOnlySpan<byte> magic = "SWAPSPACE2"u8;
        magic.CopyTo(pages.AsSpan(Pfn.PageSize - magic.Length));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using (FileStream file = File.Create(path))
        {
            file.Write(pages);
            file.Flush(flushToDisk: true);
        }

        _ = LibC.SwapOn(path, 0);
    }
}
