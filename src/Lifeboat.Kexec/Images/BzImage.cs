using System.Text;
using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Images;

/// <summary>
/// A Linux x86 kernel image (bzImage), started by the 64-bit boot protocol where it has that entry and by the 32-bit
/// protocol where it has not, or on request (<see cref="AsProtected32"/>).
/// </summary>
/// <remarks>
/// <code>
/// file    | boot sector, setup code  | protected-mode code, 32-bit entry at 0, 64-bit entry at 0x200  | signature
///         0   0x1f1 setup header     (setup_sects + 1) * 512                                          + syssize * 16
/// memory                             | content | room to unpack into (zeros)   | init_size
/// </code>
/// <para>
/// The oldest boot protocols that are taken: 2.12 (Linux 3.8) for the 64-bit entry, which is announced since then, and
/// 2.10 (Linux 2.6.31) for the 32-bit entry, as only since then an image says how much memory it unpacks into.
/// </para>
/// <para>
/// The decompressor takes its own address from where it runs. A kernel that is not relocatable moves itself to
/// pref_address whatever it was loaded to, so it is put there, and <see cref="IsRelocatable"/> is false.
/// </para>
/// <para>Source: Documentation/arch/x86/boot.rst.</para>
/// <para><b>Ownership.</b> Refers to the bytes it was made from; they must not change.</para>
/// </remarks>
public sealed class BzImage : KernelImage
{
    /// <summary>Where the 64-bit entry lies in the protected-mode code.</summary>
    internal const int Entry64Offset = 0x200;

    private const int MagicOffset = 0x202;

    private const int MaxVersionLength = 512;

    private readonly ReadOnlyMemory<byte> _file;

    private BzImage(ReadOnlyMemory<byte> file, string name, SetupHeader header, KernelEntry entry)
        : base(name)
    {
        _file = file;
        Header = header;
        Entry = entry;
        Content = file.Slice(header.SetupBytes, (int)header.SystemBytes);
        SetupHeaderBytes = file[SetupHeader.FileOffset..header.HeaderEnd];
        Parts = [new ImagePart(ByteCount.Zero, Content, MemorySize)];
        KernelVersion = ReadVersion(file.Span, header);
    }

    /// <inheritdoc/>
    public override string Format => "bzImage";

    /// <inheritdoc/>
    public override KernelEntry Entry { get; }

    /// <inheritdoc/>
    public override ByteCount EntryOffset => new(Entry == KernelEntry.Linux64 ? (ulong)Entry64Offset : 0);

    /// <inheritdoc/>
    public override IReadOnlyList<ImagePart> Parts { get; }

    /// <inheritdoc/>
    public override string? KernelVersion { get; }

    /// <summary>The boot protocol's version, as <c>2.15</c>.</summary>
    public string ProtocolVersion => $"{Header.Version >> 8}.{Header.Version & 0xff}";

    /// <summary>The protected-mode code: what is loaded.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>Where the first instruction of the 64-bit entry lies in the file, in an image that has one.</summary>
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

    /// <summary>What the header says for the 64-bit entry; never for the 32-bit entry, which sees 4 GiB only.</summary>
    public override bool CanBeLoadedAbove4G =>
        Entry == KernelEntry.Linux64 && Header.ExtendedLoadFlags.HasFlag(SetupExtendedLoadFlags.CanBeLoadedAbove4G);

    /// <inheritdoc/>
    public override PhysicalAddress MaxRamdiskAddress => new(CanBeLoadedAbove4G ? ulong.MaxValue >> 12 : Header.RamdiskAddressMaximum);

    /// <summary>
    /// What the header says for the 64-bit entry. The 32-bit entry is without paging, and wants CR4.LA57 clear: it sets
    /// up four levels and turns paging on with what it finds there.
    /// </summary>
    public override bool SupportsFiveLevelPaging =>
        Entry == KernelEntry.Linux32 || Header.ExtendedLoadFlags.HasFlag(SetupExtendedLoadFlags.FiveLevel);

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
        return new BzImage(
            file, name, header, BzImageValidator.HasEntry64(header) ? KernelEntry.Linux64 : KernelEntry.Linux32);
    }

    /// <summary>
    /// The same kernel, started at its 32-bit entry: at the start of the protected-mode code, without paging, everything
    /// below 4 GiB.
    /// </summary>
    public BzImage AsProtected32() => Entry == KernelEntry.Linux32
        ? this
        : new BzImage(_file, Name, Header, KernelEntry.Linux32);

    /// <summary>Whether a file is a bzImage, be it a damaged one: a boot sector with the magic of the setup header.</summary>
    internal static bool Matches(ReadOnlySpan<byte> file) =>
        file.Length > MagicOffset && file[MagicOffset..].StartsWith("HdrS"u8);

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
