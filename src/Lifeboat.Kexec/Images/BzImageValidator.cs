using System.Numerics;
using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Kexec.Images;

/// <summary>What a file must be to be loaded as a bzImage, field by field.</summary>
internal static class BzImageValidator
{
    /// <summary>The first protocol with pref_address and init_size, without which nobody knows where a kernel may go.</summary>
    private const ushort OldestProtocol = 0x020a;

    /// <summary>The first protocol with xloadflags; what stands there before is not to be read.</summary>
    private const ushort ExtendedFlagsProtocol = 0x020c;

    /// <summary>The end of init_size, the last field of protocol 2.10.</summary>
    private const int OldestHeaderEnd = 0x264;

    /// <summary>The room that boot_params has for the setup header ends here (edd_mbr_sig_buffer).</summary>
    private const int HeaderRoomEnd = 0x290;

    /// <summary>The longest command line that is believed; the kernel's own limit is 2,048.</summary>
    private const uint LongestCommandLine = 64 << 10;

    /// <summary>Unpacking takes at most this; a kernel with 2 GiB of text and data does not exist.</summary>
    private const uint LargestInitSize = 0x7fffffff;

    internal static void Validate(ReadOnlySpan<byte> file, string name, DumpLimits limits, out SetupHeader header)
    {
        if (file.Length > limits.MaxImageBytes)
        {
            throw ImageRefusal.Foreign("The kernel image is larger than is believed",
                name, $"{file.Length} bytes", $"at most {limits.MaxImageBytes}");
        }

        if (!SetupHeader.TryParse(file.Length > SetupHeader.FileOffset ? file[SetupHeader.FileOffset..] : [],
                out SetupHeader? parsed))
        {
            throw Foreign(file, name)
                ?? ImageRefusal.Truncated("The file is too short for a kernel image",
                name, $"{file.Length} bytes", $"at least {SetupHeader.FileOffset + SetupHeader.Size}");
        }

        header = parsed.Value;
        RequireFormat(file, name, header);
        RequireCapabilities(name, header);
        RequireSizes(file, name, header);
    }

    /// <summary>Whether there is a 64-bit entry at 0x200 of the code.</summary>
    internal static bool HasEntry64(SetupHeader header) => header.Version >= ExtendedFlagsProtocol
        && header.ExtendedLoadFlags.HasFlag(SetupExtendedLoadFlags.Kernel64);

    private static void RequireFormat(ReadOnlySpan<byte> file, string name, SetupHeader header)
    {
        if (header.HeaderMagic != SetupHeader.Magic)
        {
            throw Foreign(file, name)
                ?? ImageRefusal.Foreign("The file is no Linux kernel image for x86",
                $"{name}, header at 0x202", $"0x{header.HeaderMagic:x8}", "\"HdrS\"");
        }

        if (header.BootFlag != SetupHeader.BootSectorMagic)
        {
            throw ImageRefusal.Foreign("The kernel image has no boot sector",
                $"{name}, boot_flag at 0x1fe", $"0x{header.BootFlag:x4}", "0xaa55");
        }
    }

    private static void RequireCapabilities(string name, SetupHeader header)
    {
        if (header.Version < OldestProtocol)
        {
            throw ImageRefusal.Unsuitable(
                "The kernel image is too old: it does not say how much memory it needs",
                $"{name}, version at 0x206", $"{header.Version >> 8}.{header.Version & 0xff}",
                "2.10 or later (Linux 2.6.31)");
        }

        if (!header.LoadFlags.HasFlag(SetupLoadFlags.LoadedHigh))
        {
            throw ImageRefusal.Unsuitable("The kernel image is a zImage, which loads below 1 MiB",
                $"{name}, loadflags at 0x211", $"0x{(byte)header.LoadFlags:x2}", "bit 0 (LOADED_HIGH) set");
        }
    }

    private static void RequireSizes(ReadOnlySpan<byte> file, string name, SetupHeader header)
    {
        if (header.HeaderEnd is < OldestHeaderEnd or > HeaderRoomEnd)
        {
            throw ImageRefusal.Damaged("The length of the setup header is impossible",
                $"{name}, jump at 0x200", $"end at 0x{header.HeaderEnd:x}",
                $"an end from 0x{OldestHeaderEnd:x} to 0x{HeaderRoomEnd:x}");
        }

        if (header.SetupBytes + header.SystemBytes > file.Length)
        {
            throw ImageRefusal.Truncated("The kernel image is truncated",
                $"{name}, setup_sects at 0x1f1 and syssize at 0x1f4", $"{file.Length} bytes in the file",
                $"{header.SetupBytes + header.SystemBytes}");
        }

        int entry = HasEntry64(header) ? BzImage.Entry64Offset : 0;
        if (header.SystemBytes <= entry)
        {
            throw ImageRefusal.Damaged("The kernel's code ends before its entry",
                $"{name}, syssize at 0x1f4", $"{header.SystemBytes} bytes", $"more than {entry}");
        }

        if ((ulong)header.PayloadOffset + header.PayloadLength > (ulong)header.SystemBytes)
        {
            throw ImageRefusal.Damaged("The compressed kernel reaches past the image's code",
                $"{name}, payload_offset at 0x248", $"end at 0x{(ulong)header.PayloadOffset + header.PayloadLength:x}",
                $"at most 0x{header.SystemBytes:x}");
        }

        if (header.InitSize < header.SystemBytes || header.InitSize > LargestInitSize)
        {
            throw ImageRefusal.Damaged("The memory the kernel says it needs is impossible",
                $"{name}, init_size at 0x260", $"0x{header.InitSize:x}",
                $"from the code's 0x{header.SystemBytes:x} to 0x{LargestInitSize:x}");
        }

        if (!BitOperations.IsPow2(header.KernelAlignment) || header.KernelAlignment is < 4096 or > (1u << 30))
        {
            throw ImageRefusal.Damaged("The kernel's alignment is impossible",
                $"{name}, kernel_alignment at 0x230", $"0x{header.KernelAlignment:x}",
                "a power of two from 4 KiB to 1 GiB");
        }

        if (header.PreferredAddress > 1UL << 46)
        {
            throw ImageRefusal.Damaged("The kernel's preferred address is impossible",
                $"{name}, pref_address at 0x258", $"0x{header.PreferredAddress:x}", "below 64 TiB");
        }

        if (header.CommandLineSize is 0 or > LongestCommandLine)
        {
            throw ImageRefusal.Damaged(
                "The longest command line the kernel says it takes is impossible",
                $"{name}, cmdline_size at 0x238", $"{header.CommandLineSize}", $"1 to {LongestCommandLine}");
        }
    }

    private static DiagnosticException? Foreign(ReadOnlySpan<byte> file, string name) =>
        ImageKinds.Name(file) is not { } kind
            ? null
            : ImageRefusal.Foreign("The file is no kernel for this machine", name, kind, "an x86 kernel image (vmlinuz)");
}
