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
public sealed class BzImage : KernelImage
{
    /// <summary>Where the 64-bit entry lies in the protected-mode code.</summary>
    internal const int Entry64Offset = 0x200;

    private const int MaxVersionLength = 512;

    private BzImage(ReadOnlyMemory<byte> file, string name, SetupHeader header)
        : base(name)
    {
        Header = header;
        Content = file.Slice(header.SetupBytes, (int)header.SystemBytes);
        SetupHeaderBytes = file[SetupHeader.FileOffset..header.HeaderEnd];
        Parts = [new ImagePart(ByteCount.Zero, Content, MemorySize)];
        KernelVersion = ReadVersion(file.Span, header);
    }

    /// <inheritdoc/>
    public override string Format => "bzImage";

    /// <inheritdoc/>
    public override KernelEntry Entry => KernelEntry.Linux64;

    /// <inheritdoc/>
    public override ByteCount EntryOffset => new(Entry64Offset);

    /// <inheritdoc/>
    public override IReadOnlyList<ImagePart> Parts { get; }

    /// <inheritdoc/>
    public override string? KernelVersion { get; }

    /// <summary>The boot protocol's version, as <c>2.15</c>.</summary>
    public string ProtocolVersion => $"{Header.Version >> 8}.{Header.Version & 0xff}";

    /// <summary>The protected-mode code: what is loaded.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>Where the first instruction of the 64-bit entry lies in the file.</summary>
    public FileOffset Entry64 => new((ulong)(Header.SetupBytes + Entry64Offset));

    /// <inheritdoc/>
    public override ByteCount MemorySize => new ByteCount(Header.InitSize).AlignUp(ByteCount.Page);

    /// <inheritdoc/>
    public override ByteCount Alignment => new(Header.KernelAlignment);

    /// <inheritdoc/>
    public override PhysicalAddress PreferredAddress => new(Header.PreferredAddress);

    /// <inheritdoc/>
    public override bool IsRelocatable => Header.Relocatable != 0;

    /// <inheritdoc/>
    public override int MaxCommandLineLength => (int)Header.CommandLineSize;

    /// <inheritdoc/>
    public override bool CanBeLoadedAbove4G =>
        Header.ExtendedLoadFlags.HasFlag(SetupExtendedLoadFlags.CanBeLoadedAbove4G);

    /// <inheritdoc/>
    public override PhysicalAddress MaxRamdiskAddress => new(CanBeLoadedAbove4G ? ulong.MaxValue >> 12 : Header.RamdiskAddressMaximum);

    /// <inheritdoc/>
    public override bool SupportsFiveLevelPaging => Header.ExtendedLoadFlags.HasFlag(SetupExtendedLoadFlags.FiveLevel);

    internal SetupHeader Header { get; }

    /// <summary>The header as it stands in the file, with fields newer than <see cref="SetupHeader"/> knows.</summary>
    internal override ReadOnlyMemory<byte> SetupHeaderBytes { get; }

    /// <summary>Reads the headers of <paramref name="file"/> and checks them against its size.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="limits">What is believed of an image.</param>
    /// <exception cref="DiagnosticException">
    /// It is no bzImage, or one that cannot be started; names the field.
    /// </exception>
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
