using Microsoft.Win32.SafeHandles;

namespace Lifeboat.Cli.Personalities;

/// <summary>Standard output for bytes.</summary>
internal static class StandardStreams
{
    private const int BufferSize = 1 << 20;
    private const int OutputNumber = 1;

    /// <summary>Opens it; not the console's stream, which says nothing when whoever reads the pipe has gone.</summary>
    public static FileStream OpenOutput() =>
        new(new SafeFileHandle(OutputNumber, ownsHandle: false), FileAccess.Write, BufferSize);
}
