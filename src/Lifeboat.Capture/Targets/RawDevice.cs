using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Streams;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;

namespace Lifeboat.Capture.Targets;

/// <summary>Opens disks and partitions for a crash, and refuses those that it must not be written to.</summary>
public static class RawDevice
{
    /// <summary>The smallest device that is taken: less would hold no report.</summary>
    public static ByteCount LeastSize { get; } = new(8 << 20);

    /// <summary>Opens one; nothing of it is changed yet.</summary>
    /// <param name="path">The device, or a file that stands for one.</param>
    /// <param name="overwrite">Whether what it holds may be lost.</param>
    /// <exception cref="DiagnosticException">It is in use, holds something, or is too small.</exception>
    /// <exception cref="KernelInterfaceException">It cannot be opened or read.</exception>
    public static OutputFile Open(string path, bool overwrite)
    {
        OutputFile device = OpenUnused(path);
        try
        {
            if (device.Length.CompareTo(LeastSize) < 0)
            {
                throw Unfit(path, $"{device.Length}", $"at least {LeastSize}", "Give it a larger partition");
            }

            // An older crash of ours is what such a device is for.
            byte[] start = new byte[CrashStreamHeader.FixedSize];
            device.ReadAt(new FileOffset(0), start);
            if (!overwrite && !CrashStreamReader.IsCrashStream(start) && DeviceSignature.Find(device) is { } found)
            {
                throw Unfit(path, found, "an older crash, or nothing that is known",
                    "If that may be lost, say overwrite=yes on the target's line, or clear it with wipefs");
            }

            return device;
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    /// <summary>Refuses before the crash what would be refused at it: devices of these targets that are on this machine.</summary>
    /// <exception cref="DiagnosticException">One is in use, holds something, or is too small.</exception>
    /// <exception cref="KernelInterfaceException">One cannot be opened or read.</exception>
    public static void Check(DumpTargets targets)
    {
        foreach (DumpTarget target in targets)
        {
            if (target is RawTarget raw && new RawDeviceFinder(TimeProvider.System).Find(raw.Device) is { } path)
            {
                Open(path, raw.Overwrite).Dispose();
            }
        }
    }

    private static OutputFile OpenUnused(string path)
    {
        try
        {
            return OutputFile.OpenDevice(path);
        }
        catch (KernelInterfaceException refusal) when (refusal.Errno == Errno.EBUSY)
        {
            throw Unfit(path, "a device in use: mounted, swap, or part of LVM, RAID or an encrypted volume", "one that nothing uses",
                "lsblk shows what is on it");
        }
    }

    private static DiagnosticException Unfit(string path, string found, string expected, string remedy) =>
        new(new Diagnostic(CaptureDiagnostics.RawDeviceUnfit, "A crash is not written to this device")
        {
            Where = path,
            Found = found,
            Expected = expected,
            Remedy = remedy,
        });
}
