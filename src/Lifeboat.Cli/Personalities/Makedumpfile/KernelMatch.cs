using Lifeboat.Kernel;
using Lifeboat.Vmcore;

namespace Lifeboat.Cli.Personalities.Makedumpfile;

/// <summary>
/// Compares a dump with the file that was given for its kernel. Nothing is taken from that file: the dump knows itself.
/// </summary>
internal static class KernelMatch
{
    private const int MaxVmcoreinfo = 1 << 20;

    /// <summary>Compares; what cannot be told is taken to match.</summary>
    /// <exception cref="MakedumpfileException">They are of different kernels, or the file cannot be read.</exception>
    public static void Check(DumpSource dump, MakedumpfileSettings settings)
    {
        if (settings.VmcoreinfoFile is { } file)
        {
            string? release = ReadVmcoreinfo(file).OsRelease;
            if (release is null)
            {
                throw new MakedumpfileException("read_vmcoreinfo", $"Invalid format in {file}");
            }

            if (KernelIdentity.Read(dump).Release is { } dumps && dumps != release)
            {
                throw Mismatch(file, settings);
            }
        }

        if (settings.Vmlinux is { } vmlinux
            && VmlinuxBuildId.Read(vmlinux) is { } identity
            && dump.Vmcoreinfo.TryGetText("BUILD-ID", out string? expected)
            && !string.Equals(identity, expected.Trim(), StringComparison.OrdinalIgnoreCase))
        {
            throw Mismatch(vmlinux, settings);
        }
    }

    private static MakedumpfileException Mismatch(string file, MakedumpfileSettings settings) => new(
        "check_release", $"{file} and {settings.Memory} don't match.", MakedumpfilePersonality.WrongRelease);

    private static Vmcoreinfo ReadVmcoreinfo(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            byte[] text = new byte[MaxVmcoreinfo];
            int length = file.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
            return Vmcoreinfo.Parse(text.AsSpan(0, length));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new MakedumpfileException("open_vmcoreinfo", $"Can't open the vmcoreinfo file({path}). {exception.Message}");
        }
    }
}
