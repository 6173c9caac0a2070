using Lifeboat.Core.Diagnostics;
using Lifeboat.Vmcore;

namespace Lifeboat.Cli.Personalities.Makedumpfile;

/// <summary>Opens the dump that makedumpfile is to read.</summary>
internal static class MakedumpfileInput
{
    /// <summary>Opens it, and compares it with the files of -x and -i.</summary>
    /// <exception cref="MakedumpfileException">It cannot be opened, or is another kernel's.</exception>
    /// <exception cref="DumpFormatException">It is no dump.</exception>
    public static DumpSource Open(MakedumpfileSettings settings)
    {
        DumpSource dump = Open(settings.Memory);
        try
        {
            KernelMatch.Check(dump, settings);
            return dump;
        }
        catch
        {
            dump.Dispose();
            throw;
        }
    }

    private static DumpSource Open(string path)
    {
        try
        {
            return DumpSource.Open(path);
        }
        catch (KernelInterfaceException exception) when (exception.Operation == "open")
        {
            throw new MakedumpfileException(
                "open_dump_memory",
                $"Can't open the dump memory({path}). {MakedumpfilePersonality.TextOf(exception.Errno)}");
        }
    }
}
