using System.Diagnostics.CodeAnalysis;
using Lifeboat.Core.IO;

namespace Lifeboat.Kexec.Images;

/// <summary>
/// The setup header of a bzImage (struct setup_header), at <see cref="FileOffset"/> of the file and at the same
/// place of boot_params. Fields in disk order; source: Documentation/arch/x86/boot.rst, protocol 2.12 and later.
/// </summary>
internal readonly record struct SetupHeader
{
    /// <summary>Where the header begins in the file and in boot_params.</summary>
    public const int FileOffset = 0x1f1;

    /// <summary>Bytes up to and including handover_offset, the last field of protocol 2.12.</summary>
    public const int Size = 0x268 - FileOffset;

    /// <summary>The magic "HdrS" as a little-endian number.</summary>
    public const uint Magic = 0x53726448;

    /// <summary>The magic of a boot sector.</summary>
    public const ushort BootSectorMagic = 0xaa55;

    public byte SetupSectors { get; init; }
    public ushort RootFlags { get; init; }
    public uint SystemSizeParagraphs { get; init; }
    public ushort RamSize { get; init; }
    public ushort VideoMode { get; init; }
    public ushort RootDevice { get; init; }
    public ushort BootFlag { get; init; }
    public ushort Jump { get; init; }
    public uint HeaderMagic { get; init; }
    public ushort Version { get; init; }
    public uint RealModeSwitch { get; init; }
    public ushort StartSystem { get; init; }
    public ushort KernelVersionPointer { get; init; }
    public byte LoaderType { get; init; }
    public SetupLoadFlags LoadFlags { get; init; }
    public ushort SetupMoveSize { get; init; }
    public uint Code32Start { get; init; }
    public uint RamdiskImage { get; init; }
    public uint RamdiskSize { get; init; }
    public uint BootSectorKludge { get; init; }
    public ushort HeapEndPointer { get; init; }
    public byte ExtendedLoaderVersion { get; init; }
    public byte ExtendedLoaderType { get; init; }
    public uint CommandLinePointer { get; init; }
    public uint RamdiskAddressMaximum { get; init; }
    public uint KernelAlignment { get; init; }
    public byte Relocatable { get; init; }
    public byte MinimumAlignment { get; init; }
    public SetupExtendedLoadFlags ExtendedLoadFlags { get; init; }
    public uint CommandLineSize { get; init; }
    public uint HardwareSubarchitecture { get; init; }
    public ulong HardwareSubarchitectureData { get; init; }
    public uint PayloadOffset { get; init; }
    public uint PayloadLength { get; init; }
    public ulong SetupData { get; init; }
    public ulong PreferredAddress { get; init; }
    public uint InitSize { get; init; }
    public uint HandoverOffset { get; init; }

    /// <summary>Bytes before the protected-mode code; zero sectors mean four, as in the first kernels.</summary>
    public int SetupBytes => ((SetupSectors == 0 ? 4 : SetupSectors) + 1) * 512;

    /// <summary>Bytes of the protected-mode code.</summary>
    public long SystemBytes => (long)SystemSizeParagraphs * 16;

    /// <summary>Where the header ends in the file: the jump over it tells.</summary>
    public int HeaderEnd => 0x202 + (Jump >> 8);

    /// <summary>Reads the fields; says false only when there are fewer than <see cref="Size"/> bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SetupHeader? header)
    {
        header = null;
        if (bytes.Length < Size)
        {
            return false;
        }

        var reader = new SpanReader(bytes);
        header = new SetupHeader
        {
            SetupSectors = reader.ReadByte(),
            RootFlags = reader.ReadUInt16(),
            SystemSizeParagraphs = reader.ReadUInt32(),
            RamSize = reader.ReadUInt16(),
            VideoMode = reader.ReadUInt16(),
            RootDevice = reader.ReadUInt16(),
            BootFlag = reader.ReadUInt16(),
            Jump = reader.ReadUInt16(),
            HeaderMagic = reader.ReadUInt32(),
            Version = reader.ReadUInt16(),
            RealModeSwitch = reader.ReadUInt32(),
            StartSystem = reader.ReadUInt16(),
            KernelVersionPointer = reader.ReadUInt16(),
            LoaderType = reader.ReadByte(),
            LoadFlags = (SetupLoadFlags)reader.ReadByte(),
            SetupMoveSize = reader.ReadUInt16(),
            Code32Start = reader.ReadUInt32(),
            RamdiskImage = reader.ReadUInt32(),
            RamdiskSize = reader.ReadUInt32(),
            BootSectorKludge = reader.ReadUInt32(),
            HeapEndPointer = reader.ReadUInt16(),
            ExtendedLoaderVersion = reader.ReadByte(),
            ExtendedLoaderType = reader.ReadByte(),
            CommandLinePointer = reader.ReadUInt32(),
            RamdiskAddressMaximum = reader.ReadUInt32(),
            KernelAlignment = reader.ReadUInt32(),
            Relocatable = reader.ReadByte(),
            MinimumAlignment = reader.ReadByte(),
            ExtendedLoadFlags = (SetupExtendedLoadFlags)reader.ReadUInt16(),
            CommandLineSize = reader.ReadUInt32(),
            HardwareSubarchitecture = reader.ReadUInt32(),
            HardwareSubarchitectureData = reader.ReadUInt64(),
            PayloadOffset = reader.ReadUInt32(),
            PayloadLength = reader.ReadUInt32(),
            SetupData = reader.ReadUInt64(),
            PreferredAddress = reader.ReadUInt64(),
            InitSize = reader.ReadUInt32(),
            HandoverOffset = reader.ReadUInt32(),
        };
        return true;
    }

    /// <summary>Writes the fields over the first <see cref="Size"/> bytes of <paramref name="bytes"/>.</summary>
    public void WriteTo(Span<byte> bytes)
    {
        var writer = new SpanWriter(bytes);
        writer.WriteByte(SetupSectors);
        writer.WriteUInt16(RootFlags);
        writer.WriteUInt32(SystemSizeParagraphs);
        writer.WriteUInt16(RamSize);
        writer.WriteUInt16(VideoMode);
        writer.WriteUInt16(RootDevice);
        writer.WriteUInt16(BootFlag);
        writer.WriteUInt16(Jump);
        writer.WriteUInt32(HeaderMagic);
        writer.WriteUInt16(Version);
        writer.WriteUInt32(RealModeSwitch);
        writer.WriteUInt16(StartSystem);
        writer.WriteUInt16(KernelVersionPointer);
        writer.WriteByte(LoaderType);
        writer.WriteByte((byte)LoadFlags);
        writer.WriteUInt16(SetupMoveSize);
        writer.WriteUInt32(Code32Start);
        writer.WriteUInt32(RamdiskImage);
        writer.WriteUInt32(RamdiskSize);
        writer.WriteUInt32(BootSectorKludge);
        writer.WriteUInt16(HeapEndPointer);
        writer.WriteByte(ExtendedLoaderVersion);
        writer.WriteByte(ExtendedLoaderType);
        writer.WriteUInt32(CommandLinePointer);
        writer.WriteUInt32(RamdiskAddressMaximum);
        writer.WriteUInt32(KernelAlignment);
        writer.WriteByte(Relocatable);
        writer.WriteByte(MinimumAlignment);
        writer.WriteUInt16((ushort)ExtendedLoadFlags);
        writer.WriteUInt32(CommandLineSize);
        writer.WriteUInt32(HardwareSubarchitecture);
        writer.WriteUInt64(HardwareSubarchitectureData);
        writer.WriteUInt32(PayloadOffset);
        writer.WriteUInt32(PayloadLength);
        writer.WriteUInt64(SetupData);
        writer.WriteUInt64(PreferredAddress);
        writer.WriteUInt32(InitSize);
        writer.WriteUInt32(HandoverOffset);
    }
}
