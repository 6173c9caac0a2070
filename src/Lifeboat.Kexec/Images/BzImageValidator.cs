using System.Numerics;
using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Kexec.Images;

/// <summary>What a file must be to be loaded as a capture kernel, field by field.</summary>
internal static class BzImageValidator
{
    private const ushort OldestProtocol = 0x020c;

    /// <summary>The room that boot_params has for the setup header ends here (edd_mbr_sig_buffer).</summary>
    private const int HeaderRoomEnd = 0x290;

    /// <summary>The longest command line that is believed; the kernel's own limit is 2,048.</summary>
    private const uint LongestCommandLine = 64 << 10;

    /// <summary>Unpacking takes at most this; a kernel with 2 GiB of text and data does not exist.</summary>
    private const uint LargestInitSize = 0x7fffffff;

    private const string Remedy = "Give the vmlinuz of a distribution's kernel package, or arch/x86/boot/bzImage";

    internal static void Validate(ReadOnlySpan<byte> file, string name, DumpLimits limits, out SetupHeader header)
    {
        if (file.Length > limits.MaxImageBytes)
        {
            throw Refuse(KexecDiagnostics.ImageForeign, "The kernel image is larger than is believed",
                name, $"{file.Length} bytes", $"at most {limits.MaxImageBytes}");
        }

        if (!SetupHeader.TryParse(file.Length > SetupHeader.FileOffset ? file[SetupHeader.FileOffset..] : [],
                out SetupHeader? parsed))
        {
            throw Foreign(file, name) ?? Refuse(KexecDiagnostics.ImageTruncated, "The file is too short for a kernel image",
                name, $"{file.Length} bytes", $"at least {SetupHeader.FileOffset + SetupHeader.Size}");
        }

        header = parsed.Value;
        RequireFormat(file, name, header);
        RequireCapabilities(name, header);
        RequireSizes(file, name, header);
    }

    private static void RequireFormat(ReadOnlySpan<byte> file, string name, SetupHeader header)
    {
        if (header.HeaderMagic != SetupHeader.Magic)
        {
            throw Foreign(file, name) ?? Refuse(KexecDiagnostics.ImageForeign, "The file is no Linux kernel image for x86",
                $"{name}, header at 0x202", $"0x{header.HeaderMagic:x8}", "\"HdrS\"");
        }

        if (header.BootFlag != SetupHeader.BootSectorMagic)
        {
            throw Refuse(KexecDiagnostics.ImageForeign, "The kernel image has no boot sector",
                $"{name}, boot_flag at 0x1fe", $"0x{header.BootFlag:x4}", "0xaa55");
        }
    }

    private static void RequireCapabilities(string name, SetupHeader header)
    {
        if (header.Version < OldestProtocol)
        {
            throw Refuse(KexecDiagnostics.ImageUnsuitable, "The kernel image is too old: its boot protocol knows no 64-bit entry",
                $"{name}, version at 0x206", $"{header.Version >> 8}.{header.Version & 0xff}", "2.12 or later (Linux 3.8)");
        }

        if (!header.LoadFlags.HasFlag(SetupLoadFlags.LoadedHigh))
        {
            throw Refuse(KexecDiagnostics.ImageUnsuitable, "The kernel image is a zImage, which loads below 1 MiB",
                $"{name}, loadflags at 0x211", $"0x{(byte)header.LoadFlags:x2}", "bit 0 (LOADED_HIGH) set");
        }

        if (!header.ExtendedLoadFlags.HasFlag(SetupExtendedLoadFlags.Kernel64))
        {
            throw Refuse(KexecDiagnostics.ImageUnsuitable, "The kernel image has no 64-bit entry",
                $"{name}, xloadflags at 0x236", $"0x{(ushort)header.ExtendedLoadFlags:x4}", "bit 0 (XLF_KERNEL_64) set");
        }

        if (header.Relocatable == 0)
        {
            throw Refuse(KexecDiagnostics.ImageUnsuitable, "The kernel image is not relocatable and so cannot run in a reservation",
                $"{name}, relocatable_kernel at 0x234", "0", "1 (CONFIG_RELOCATABLE=y)");
        }
    }

    private static void RequireSizes(ReadOnlySpan<byte> file, string name, SetupHeader header)
    {
        if (header.HeaderEnd is < SetupHeader.FileOffset + SetupHeader.Size or > HeaderRoomEnd)
        {
            throw Refuse(KexecDiagnostics.ImageDamaged, "The length of the setup header is impossible",
                $"{name}, jump at 0x200", $"end at 0x{header.HeaderEnd:x}",
                $"an end from 0x{SetupHeader.FileOffset + SetupHeader.Size:x} to 0x{HeaderRoomEnd:x}");
        }

        if (header.SetupBytes + header.SystemBytes > file.Length)
        {
            throw Refuse(KexecDiagnostics.ImageTruncated, "The kernel image is truncated",
                $"{name}, setup_sects at 0x1f1 and syssize at 0x1f4", $"{file.Length} bytes in the file",
                $"{header.SetupBytes + header.SystemBytes}");
        }

        if (header.SystemBytes <= BzImage.Entry64Offset)
        {
            throw Refuse(KexecDiagnostics.ImageDamaged, "The kernel's code ends before its 64-bit entry",
                $"{name}, syssize at 0x1f4", $"{header.SystemBytes} bytes", $"more than {BzImage.Entry64Offset}");
        }

        if ((ulong)header.PayloadOffset + header.PayloadLength > (ulong)header.SystemBytes)
        {
            throw Refuse(KexecDiagnostics.ImageDamaged, "The compressed kernel reaches past the image's code",
                $"{name}, payload_offset at 0x248", $"end at 0x{(ulong)header.PayloadOffset + header.PayloadLength:x}",
                $"at most 0x{header.SystemBytes:x}");
        }

        if (header.InitSize < header.SystemBytes || header.InitSize > LargestInitSize)
        {
            throw Refuse(KexecDiagnostics.ImageDamaged, "The memory the kernel says it needs is impossible",
                $"{name}, init_size at 0x260", $"0x{header.InitSize:x}",
                $"from the code's 0x{header.SystemBytes:x} to 0x{LargestInitSize:x}");
        }

        if (!BitOperations.IsPow2(header.KernelAlignment) || header.KernelAlignment is < 4096 or > (1u << 30))
        {
            throw Refuse(KexecDiagnostics.ImageDamaged, "The kernel's alignment is impossible",
                $"{name}, kernel_alignment at 0x230", $"0x{header.KernelAlignment:x}", "a power of two from 4 KiB to 1 GiB");
        }

        if (header.PreferredAddress > 1UL << 46)
        {
            throw Refuse(KexecDiagnostics.ImageDamaged, "The kernel's preferred address is impossible",
                $"{name}, pref_address at 0x258", $"0x{header.PreferredAddress:x}", "below 64 TiB");
        }

        if (header.CommandLineSize is 0 or > LongestCommandLine)
        {
            throw Refuse(KexecDiagnostics.ImageDamaged, "The longest command line the kernel says it takes is impossible",
                $"{name}, cmdline_size at 0x238", $"{header.CommandLineSize}", $"1 to {LongestCommandLine}");
        }
    }

    private static DiagnosticException? Foreign(ReadOnlySpan<byte> file, string name) =>
        ImageKinds.Name(file) is not { } kind
            ? null
            : Refuse(KexecDiagnostics.ImageForeign, "The file is no bzImage", name, kind, "an x86 bzImage (vmlinuz)");

    private static DiagnosticException Refuse(
        DiagnosticId id, string what, string where, string found, string expected) =>
        new(new Diagnostic(id, what) { Where = where, Found = found, Expected = expected, Remedy = Remedy });
}
