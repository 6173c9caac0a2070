using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Planning;

namespace Lifeboat.Kexec.Boot;

/// <summary>
/// The segment with the information of a Multiboot kernel, of version 1 or 2. Neither is told the ACPI root pointer: a copy of its
/// bytes would be wanted, and the running kernel shows its address only.
/// </summary>
internal sealed class MultibootHandOver : HandOver
{
    private readonly KernelImage _image;
    private readonly string _commandLine;
    private readonly IReadOnlyList<BootModule> _modules;
    private readonly IReadOnlyList<E820Entry> _memoryMap;

    internal MultibootHandOver(
        KernelImage image, string commandLine, IReadOnlyList<BootModule> modules, IReadOnlyList<E820Entry> memoryMap)
    {
        (_image, _commandLine, _modules, _memoryMap) = (image, commandLine, modules, memoryMap);

        // Numbers stand for all places, so that the size is known before these are.
        Size = ToBytes(default, new HandOverPlaces(default, default, modules.ToList().ConvertAll(static _ => default(PhysicalRange)))).Length;
    }

    internal override string Name => "Multiboot information";

    internal override int Size { get; }

    internal override byte[] ToBytes(PhysicalAddress start, HandOverPlaces places)
    {
        var modules = new List<MultibootModule>();
        for (int i = 0; i < _modules.Count; i++)
        {
            modules.Add(new MultibootModule(places.Modules[i], _modules[i].CommandLine));
        }

        return _image.Entry == KernelEntry.Multiboot1
            ? new MultibootInfo { CommandLine = _commandLine, Modules = modules, MemoryMap = _memoryMap }.ToBytes(start)
            : new Multiboot2Info
            {
                CommandLine = _commandLine,
                Modules = modules,
                MemoryMap = _memoryMap,
                LoadBase = _image.IsRelocatable ? places.Kernel : null,
            }.ToBytes();
    }
}
