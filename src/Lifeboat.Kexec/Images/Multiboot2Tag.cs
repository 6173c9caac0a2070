namespace Lifeboat.Kexec.Images;

/// <summary>What a tag of a Multiboot2 header is about (its type).</summary>
internal enum Multiboot2Tag : ushort
{
    End = 0,
    InformationRequest = 1,
    Address = 2,
    EntryAddress = 3,
    ConsoleFlags = 4,
    Framebuffer = 5,
    ModuleAlignment = 6,
    EfiBootServices = 7,
    EfiEntry32 = 8,
    EfiEntry64 = 9,
    Relocatable = 10,
}
