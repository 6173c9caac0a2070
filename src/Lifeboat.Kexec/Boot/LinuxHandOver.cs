using System.Buffers.Binary;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Planning;

namespace Lifeboat.Kexec.Boot;

/// <summary>
/// The segment with everything a Linux kernel is told: what it needs is one piece, as the kernel takes 16 segments at the most.
/// </summary>
/// <remarks>
/// <code>
/// boot_params | command line, NUL | setup_data items, each at 8 | EFI runtime map
/// 0           4096
/// </code>
/// <para>Sources: Documentation/arch/x86/boot.rst; what a running kernel hands on: kexec-bzimage64.c, setup_boot_parameters().</para>
/// </remarks>
internal sealed class LinuxHandOver : HandOver
{
    internal const int CommandLineOffset = BootParams.Size;

    /// <summary>struct efi_setup_data: four addresses and eight that are not used yet.</summary>
    private const int EfiSetupDataSize = 12 * sizeof(ulong);

    private readonly KernelImage _image;
    private readonly MachineDescription _machine;
    private readonly byte[] _commandLine;
    private readonly IReadOnlyList<E820Entry> _memoryMap;
    private readonly List<SetupDataItem> _items = [];
    private readonly EfiRuntime? _efi;
    private readonly int _itemsOffset;
    private readonly int _efiMapOffset;

    /// <summary>Lays it out.</summary>
    /// <param name="image">The kernel.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="options">What it is told.</param>
    /// <param name="commandLine">The command line with its NUL.</param>
    /// <param name="memoryMap">The memory map.</param>
    internal LinuxHandOver(
        KernelImage image, MachineDescription machine, HandOverOptions options, byte[] commandLine,
        IReadOnlyList<E820Entry> memoryMap)
    {
        (_image, _machine, _commandLine, _memoryMap) = (image, machine, commandLine, memoryMap);
        _efi = options.WithoutEfi ? null : machine.Efi;
        AddMemoryMap();
        Add(SetupDataType.Efi, _efi is null ? default : EfiSetupData(_efi));
        Add(SetupDataType.DeviceTree, options.DeviceTree);
        Add(SetupDataType.RandomSeed, options.RandomSeed);

        _itemsOffset = (CommandLineOffset + commandLine.Length + 7) & ~7;
        int size = _itemsOffset;
        foreach (SetupDataItem item in _items)
        {
            size += item.Size;
        }

        _efiMapOffset = size;
        Size = _items.Count == 0
            ? CommandLineOffset + commandLine.Length
            : size + ((_efi?.Map.Count ?? 0) * EfiMemoryDescriptor.Size);
    }

    internal override string Name => "boot parameters";

    internal override int Size { get; }

    internal override byte[] ToBytes(PhysicalAddress start, HandOverPlaces places)
    {
        var bytes = new byte[Size];
        PhysicalAddress At(int offset) => start + new ByteCount((ulong)offset);

        new BootParams
        {
            Image = _image,
            CommandLine = At(CommandLineOffset),
            Ramdisk = places.Ramdisk,
            MemoryMap = _memoryMap,
            SetupData = _items.Count == 0 ? default : At(_itemsOffset),
            AcpiRsdp = _machine.AcpiRsdp,
            ScreenInfo = _machine.ScreenInfo,
            Running = _machine.BootParameters,
            Efi = _efi,
            EfiMap = At(_efiMapOffset),
        }.ToBytes().CopyTo(bytes, 0);
        _commandLine.CopyTo(bytes, CommandLineOffset);

        int offset = _itemsOffset;
        for (int i = 0; i < _items.Count; i++)
        {
            int next = offset + _items[i].Size;
            _items[i].WriteTo(bytes.AsSpan(offset), i == _items.Count - 1 ? default : At(next));
            offset = next;
        }

        foreach (EfiMemoryDescriptor descriptor in _efi?.Map ?? [])
        {
            descriptor.WriteTo(bytes.AsSpan(offset));
            offset += EfiMemoryDescriptor.Size;
        }

        return bytes;
    }

    private void Add(SetupDataType type, ReadOnlyMemory<byte> content)
    {
        if (!content.IsEmpty)
        {
            _items.Add(new SetupDataItem(type, content));
        }
    }

    private void AddMemoryMap()
    {
        int more = _memoryMap.Count - BootParams.MaxMemoryMapEntries;
        if (more <= 0)
        {
            return;
        }

        var bytes = new byte[more * E820Entry.Size];
        for (int i = 0; i < more; i++)
        {
            _memoryMap[BootParams.MaxMemoryMapEntries + i].WriteTo(bytes.AsSpan(i * E820Entry.Size, E820Entry.Size));
        }

        Add(SetupDataType.MemoryMap, bytes);
    }

    private static byte[] EfiSetupData(EfiRuntime efi)
    {
        var bytes = new byte[EfiSetupDataSize];
        FirmwarePointer[] pointers = [efi.Vendor, efi.Runtime, efi.Tables, efi.Smbios];
        for (int i = 0; i < pointers.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * sizeof(ulong)), pointers[i].Value);
        }

        return bytes;
    }
}
