namespace Lifeboat.Kexec.Purgatory;

/// <summary>Where the parts of purgatory lie, in bytes from its start.</summary>
/// <remarks>
/// <code>
/// 0x0000 code, entered at its first byte
/// 0x3f00 the last instructions before an entry in 32-bit mode
/// 0x4000 descriptor table, segment table, messages
/// 0x7000 state of the hash, the address to return to; zero when loaded
/// 0x8000 end: the stack grows down from here
/// </code>
/// </remarks>
internal static class PurgatoryLayout
{
    internal const int Exit32 = 0x3f00;
    internal const int DescriptorTable = 0x4000;
    internal const int DescriptorTablePointer = 0x4030;
    internal const int InterruptTablePointer = 0x4040;
    internal const int InitialState = 0x4050;
    internal const int SegmentTable = 0x4080;
    internal const int Messages = 0x5000;

    /// <summary>The message schedule lies just below this, the eight words of the state from here on.</summary>
    internal const int State = 0x7040;

    /// <summary>Where the running kernel's code goes on when it is returned to.</summary>
    internal const int JumpBack = 0x7080;

    internal const int MemorySize = 0x8000;

    /// <summary>Selectors: what a kernel's entry wants (__BOOT_CS, __BOOT_DS), and code of our own on the way to 32 bits.</summary>
    internal const short CodeSelector = 0x10;
    internal const short DataSelector = 0x18;
    internal const short Code64Selector = 0x20;

    /// <summary>Fields of an entry of the segment table.</summary>
    internal const int EntryStart = 0;
    internal const int EntryHashedEnd = 8;
    internal const int EntryEnd = 16;
    internal const int EntryMessage = 24;
    internal const int EntryDigest = 32;
    internal const int EntryPadding = 64;
    internal const int EntrySize = 128;

    /// <summary>KEXEC_SEGMENT_MAX.</summary>
    internal const int MaxSegments = 16;
}
