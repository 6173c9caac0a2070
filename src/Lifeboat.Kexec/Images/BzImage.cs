using System.Text;
using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Images;

/// <summary>
/// A Linux x86-64 kernel image (bzImage) that can be started by the 64-bit boot protocol.
/// </summary>
/// <remarks>
/// <code>
/// file    | boot sector, setup code        | protected-mode code, 64-bit entry at 0x200  | signature
///         0       0x1f1 setup header       (setup_sects + 1) * 512                       + syssize * 16
/// memory                                   | content | room to unpack into (zeros)   | init_size
/// </code>
/// <para>Source: Documentation/arch/x86/boot.rst.</para>
/// <para><b>Ownership.</b> Refers to the bytes it was made from; they must not change.</para>
/// </remarks>
public sealed class BzImage
{
    /// <summary>Where the 64-bit entry lies in the protected-mode code.</summary>
    internal const int Entry64Offset = 0x200;

    private const int MaxVersionLength = 512;

    private BzImage(ReadOnlyMemory<byte> file, string name, SetupHeader header)
    {
        Name = name;
        Header = header;
        Content = file.Slice(header.SetupBytes, (int)header.SystemBytes);
        HeaderBytes = file[SetupHeader.FileOffset..header.HeaderEnd];
        KernelVersion = ReadVersion(file.Span, header);
    }

    /// <summary>What the image is called in messages: its path.</summary>
    public string Name { get; }

    /// <summary>The version string of the kernel inside, as <c>uname -rv</c> has it; null when the header names none.</summary>
    public string? KernelVersion { get; }

    /// <summary>The kernel's release, the first word of <see cref="KernelVersion"/>; null when there is none.</summary>
    public string? Release => KernelVersion?.Split(' ', 2)[0];

    /// <summary>The boot protocol's version, as <c>2.15</c>.</summary>
    public string ProtocolVersion => $"{Header.Version >> 8}.{Header.Version & 0xff}";

    /// <summary>The protected-mode code: what is loaded.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>Where the first instruction of the 64-bit entry lies in the file.</summary>
    public FileOffset Entry64 => new((ulong)(Header.SetupBytes + Entry64Offset));

    /// <summary>Memory the kernel needs from its load address on until it reads the memory map.</summary>
    public ByteCount InitSize => new(Header.InitSize);

    /// <summary>What the load address must be a multiple of.</summary>
    public ByteCount Alignment => new(Header.KernelAlignment);

    /// <summary>The lowest address the kernel runs at; it moves itself there from below.</summary>
    public PhysicalAddress PreferredAddress => new(Header.PreferredAddress);

    /// <summary>The longest command line the kernel takes, without the ending NUL.</summary>
    public int MaxCommandLineLength => (int)Header.CommandLineSize;

    /// <summary>Whether kernel, boot parameters and ramdisk may lie above 4 GiB.</summary>
    public bool CanBeLoadedAbove4G =>
        Header.ExtendedLoadFlags.HasFlag(SetupExtendedLoadFlags.CanBeLoadedAbove4G);

    /// <summary>Whether the entry works when the machine pages with five levels.</summary>
    public bool SupportsFiveLevelPaging => Header.ExtendedLoadFlags.HasFlag(SetupExtendedLoadFlags.FiveLevel);

    internal SetupHeader Header { get; }

    /// <summary>The header as it stands in the file, with fields newer than <see cref="SetupHeader"/> knows.</summary>
    internal ReadOnlyMemory<byte> HeaderBytes { get; }

    /// <summary>Reads the headers of <paramref name="file"/> and checks them against its size.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="limits">What is believed of an image.</param>
    /// <exception cref="DiagnosticException">It is no bzImage, or one that cannot be started; names the field.</exception>
    public static BzImage Parse(ReadOnlyMemory<byte> file, string name, DumpLimits? limits = null)
    {
        BzImageValidator.Validate(file.Span, name, limits ?? DumpLimits.Default, out SetupHeader header);
        return new BzImage(file, name, header);
    }

    private static string? ReadVersion(ReadOnlySpan<byte> file, SetupHeader header)
    {
        if (header.KernelVersionPointer == 0)
        {
            return null;
        }

        int start = header.KernelVersionPointer + 0x200;
        if (start >= header.SetupBytes)
        {
            return null;
        }

        ReadOnlySpan<byte> text = file[start..Math.Min(header.SetupBytes, start + MaxVersionLength)];
        int end = text.IndexOf((byte)0);
        return end < 0 ? null : Encoding.Latin1.GetString(text[..end]).Trim();
    }
}
