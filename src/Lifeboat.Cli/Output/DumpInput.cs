using Lifeboat.Vmcore;

namespace Lifeboat.Cli.Output;

/// <summary>The dump that a command reads: a file, the parts of a split dump, or standard input.</summary>
internal static class DumpInput
{
    /// <summary>The word that means standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>What a command's page says of standard input.</summary>
    public const string Description =
        "A dump that comes through a pipe, as - for standard input, is first copied to a file without a name in TMPDIR (/var/tmp when that is not set): there must be room for all of it.";

    private const string StandardInputName = "standard input";
    private const string DefaultFolder = "/var/tmp";

    /// <summary>Opens what the words of a command line name.</summary>
    /// <param name="files">The files; or - alone.</param>
    /// <param name="temporaryFolder">Takes the bytes of standard input; null for TMPDIR.</param>
    /// <param name="cancellation">Ends the reading of standard input.</param>
    /// <exception cref="IOException">Standard input is named beside other files.</exception>
    public static DumpSource Open(IReadOnlyList<string> files, string? temporaryFolder, CancellationToken cancellation)
    {
        if (files is [StandardInput])
        {
            using Stream stream = Console.OpenStandardInput();
            return DumpSource.OpenStream(
                stream, StandardInputName, temporaryFolder ?? TemporaryFolder(), cancellationToken: cancellation);
        }

        foreach (string file in files)
        {
            if (file == StandardInput)
            {
                throw new IOException("- is standard input, and stands alone; a part of that name is ./-");
            }
        }

        return DumpSource.Open(files);
    }

    private static string TemporaryFolder() =>
        Environment.GetEnvironmentVariable("TMPDIR") is { Length: > 0 } folder ? folder : DefaultFolder;
}
