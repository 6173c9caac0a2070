namespace Lifeboat.Core.Archives;

/// <summary>The kinds and permissions of files within <c>st_mode</c> (linux/stat.h).</summary>
internal static class CpioMode
{
    internal const int KindMask = 0xF000;
    internal const int File = 0x8000;
    internal const int Directory = 0x4000;
    internal const int SymbolicLink = 0xA000;
    internal const int CharacterDevice = 0x2000;
    internal const int Executable = 0x49;
}
