namespace Lifeboat.Kexec.Purgatory;

/// <summary>Where the parts of purgatory lie, in bytes from its start.</summary>
/// <remarks>
/// <code>
/// 0x0000 code, entered at its first byte
/// 0x4000 descriptor table, segment table, messages
/// 0x7000 state of the hash; zero when loaded
/// 0x8000 end: the stack grows down from here
/// </code>
/// </remarks>
internal static class PurgatoryLayout
{
    internal const int DescriptorTable = 0x4000;
    internal const int DescriptorTablePointer = 0x4020;
    internal const int InterruptTablePointer = 0x4030;
    internal const int InitialState = 0x4040;
    internal const int SegmentTable = 0x4080;
    internal const int Messages = 0x5000;

    /// <summary>The message schedule lies just below this, the eight words of the state from here on.</summary>
    internal const int State = 0x7040;

    internal const int MemorySize = 0x8000;

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
