using System.Text;
using Lifeboat.Kexec.Images;

namespace Lifeboat.Kexec.Tests.Support;

/// <summary>Writes small bzImages.</summary>
internal static class BzImageWriter
{
    internal const string Version = "6.1.0-test (builder@host) #1 SMP";

    /// <summary>The header of a kernel with everything right: one setup sector, a page of code, 2 MiB to run in.</summary>
    internal static SetupHeader GoodHeader { get; } = new()
    {
        SetupSectors = 1,
        SystemSizeParagraphs = 4096 / 16,
        BootFlag = SetupHeader.BootSectorMagic,
        Jump = 0x6aeb,
        HeaderMagic = SetupHeader.Magic,
        Version = 0x020f,
        KernelVersionPointer = 0x100,
        LoadFlags = SetupLoadFlags.LoadedHigh,
        RamdiskAddressMaximum = 0x7fffffff,
        KernelAlignment = 0x200000,
        Relocatable = 1,
        MinimumAlignment = 21,
        ExtendedLoadFlags = SetupExtendedLoadFlags.Kernel64 | SetupExtendedLoadFlags.CanBeLoadedAbove4G
            | SetupExtendedLoadFlags.FiveLevel,
        CommandLineSize = 2047,
        PayloadOffset = 0x300,
        PayloadLength = 0x100,
        PreferredAddress = 0x1000000,
        InitSize = 0x200000,
    };

    internal static byte[] Write(SetupHeader? header = null)
    {
        SetupHeader written = header ?? GoodHeader;
        var file = new byte[1024 + 4096];
        written.WriteTo(file.AsSpan(SetupHeader.FileOffset));
        Encoding.ASCII.GetBytes(Version).CopyTo(file, 0x300);
        new Random(1).NextBytes(file.AsSpan(1024));
        return file;
    }
}
