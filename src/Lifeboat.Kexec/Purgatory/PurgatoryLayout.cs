namespace Lifeboat.Kexec.Purgatory;

/// <summary>Where the parts of purgatory lie, in bytes from its start.</summary>
/// <remarks>
/// <code>
/// 0x0000 code, entered at its first byte
/// 0x5000 descriptor table, segment table, messages
/// 0x8000 state of the hash; zero when loaded
/// 0x9000 end: the stack grows down from here
/// </code>
/// </remarks>
internal static class PurgatoryLayout
{
    internal const int DescriptorTable = 0x5000;
    internal const int DescriptorTablePointer = 0x5020;
    internal const int InterruptTablePointer = 0x5030;
    internal const int InitialState = 0x5040;
    internal const int SegmentTable = 0x5080;
    internal const int Messages = 0x6000;

    /// <summary>The message schedule lies just below this, the eight words of the state from here on.</summary>
    internal const int State = 0x8040;

    /// <summary>From the state, where the address of the hash routine that was chosen is kept.</summary>
    internal const int HashRoutine = 32;

    internal const int MemorySize = 0x9000;

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
