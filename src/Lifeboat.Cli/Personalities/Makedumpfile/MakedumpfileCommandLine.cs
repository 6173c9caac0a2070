using System.Globalization;
using Lifeboat.Cli.Personalities.Getopt;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Cli.Personalities.Makedumpfile;

/// <summary>Reads makedumpfile's options (makedumpfile 1.7.9: its manual page and main()).</summary>
internal static class MakedumpfileCommandLine
{
    private const int MaxDumpLevel = 31;
    private const int MaxLevels = 32;

    // In makedumpfile's order, which an ambiguous word's possibilities are told in.
    private static readonly GetoptOption[] Options =
    [
        new("-b", TakesValue: true), new("-c"), new("-D"), new("-d", TakesValue: true), new("-e"), new("-E"), new("-F"),
        new("-f"), new("-g", TakesValue: true), new("-h"), new("-i", TakesValue: true), new("-l"),
        new("-L", TakesValue: true), new("-p"), new("-R"), new("-v"), new("-X"), new("-x", TakesValue: true), new("-z"),
        new("--split"), new("--reassemble"), new("--xen-syms", TakesValue: true),
        new("--xen-vmcoreinfo", TakesValue: true), new("--xen_phys_start", TakesValue: true),
        new("--message-level", TakesValue: true), new("--vtop", TakesValue: true), new("--dump-dmesg"),
        new("--partial-dmesg"), new("--config", TakesValue: true), new("--help"), new("--diskset", TakesValue: true),
        new("--cyclic-buffer", TakesValue: true), new("--eppic", TakesValue: true), new("--non-mmap"), new("--mem-usage"),
        new("--splitblock-size", TakesValue: true), new("--work-dir", TakesValue: true),
        new("--num-threads", TakesValue: true), new("--check-params"), new("--dry-run"), new("--show-stats"),
        new("--extension", TakesValue: true),
    ];

    /// <summary>Reads a command line, and sets which messages are told.</summary>
    /// <param name="arguments">The words.</param>
    /// <param name="settings">Takes what they say; on an error, what was said before it.</param>
    /// <param name="messages">Takes which messages are wanted, and an error.</param>
    /// <exception cref="MakedumpfileException">An option is not one, is not done, or has a value that cannot be.</exception>
    public static void Read(string[] arguments, MakedumpfileSettings settings, MakedumpfileMessages messages)
    {
        var reader = new GetoptReader(arguments, Options);
        bool wantsDebug = false;
        bool wantsReport = false;
        while (reader.TryRead(out GetoptOption option, out string value))
        {
            if (MakedumpfileRefusals.Of(option.Name) is { } refusal)
            {
                throw new MakedumpfileException("lifeboat", $"{option.Name} is not done: {refusal}.");
            }

            wantsDebug |= option.Name == "-D";
            wantsReport |= option.Name == "--show-stats";
            Take(option.Name, value, settings, messages);
        }

        if (reader.Error is { } error)
        {
            messages.Getopt(error);
            throw MakedumpfileRules.Invalid();
        }

        if (wantsDebug)
        {
            messages.AddDebug();
        }

        if (wantsReport)
        {
            messages.AddReport();
        }

        if (settings.OnlyChecks)
        {
            messages.Level = MakedumpfileMessages.DefaultLevel;
        }

        settings.Operands = reader.Operands;
    }

    // -b, --cyclic-buffer, --non-mmap, --splitblock-size and --work-dir are about makedumpfile's buffers and files of its
    // own: they are taken, and there is nothing to do about them. -D and --show-stats are the caller's.
    private static void Take(string option, string value, MakedumpfileSettings settings, MakedumpfileMessages messages)
    {
        switch (option)
        {
            case "-c":
                settings.Compression = DumpCompression.Zlib;
                break;
            case "-l":
                settings.Compression = DumpCompression.Lzo;
                break;
            case "-p":
                settings.Compression = DumpCompression.Snappy;
                break;
            case "-z":
                settings.Compression = DumpCompression.Zstd;
                break;
            case "-d":
                settings.Levels = ReadLevels(value);
                break;
            case "-L":
                settings.MaxSize = ReadSize(value);
                break;
            case "-E":
                settings.IsElf = true;
                break;
            case "-F":
                settings.IsFlattened = true;
                messages.OutputIsTaken = true;
                break;
            case "-f":
                settings.MayOverwrite = true;
                break;
            case "-h" or "--help":
                settings.ShowsHelp = true;
                break;
            case "-v":
                settings.ShowsVersion = true;
                break;
            case "-i":
                settings.VmcoreinfoFile = value;
                break;
            case "-x":
                settings.Vmlinux = value;
                break;
            case "-R":
                settings.Rearranges = true;
                break;
            case "--split":
                settings.Splits = true;
                break;
            case "--reassemble":
                settings.Reassembles = true;
                break;
            case "--dump-dmesg":
                settings.WritesLog = true;
                break;
            case "--partial-dmesg":
                settings.WritesPartialLog = true;
                break;
            case "--mem-usage":
                settings.ShowsMemoryUsage = true;
                break;
            case "--dry-run":
                settings.IsDryRun = true;
                break;
            case "--num-threads":
                settings.Threads = Math.Max(CNumber.ToInt(value), 0);
                break;
            case "--vtop":
                settings.AddressToTranslate = new VirtualAddress(CNumber.ToUnsigned(value));
                break;
            case "--message-level":
                messages.Level = ReadMessageLevel(value, settings, messages);
                break;
            case "--check-params":
                settings.OnlyChecks = true;
                messages.Level = MakedumpfileMessages.DefaultLevel;
                break;
        }
    }

    private static List<int> ReadLevels(string value)
    {
        var levels = new List<int>();
        foreach (string word in value.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            int level = CNumber.ToInt(word);
            if (level is < 0 or > MaxDumpLevel)
            {
                throw new MakedumpfileException(null, string.Create(CultureInfo.InvariantCulture, $"Dump_level({level}) is invalid."));
            }

            if (levels.Count == MaxLevels)
            {
                throw new MakedumpfileException(null, "Dump_level is invalid.");
            }

            levels.Add(level);
        }

        return levels.Count == 0 ? [0] : levels;
    }

    private static ByteCount ReadSize(string value) => CNumber.TryReadSize(value, out ulong size) && size > 0
        ? new ByteCount(size)
        : throw new MakedumpfileException(null, $"Limit size({value}) is invalid.");

    private static int ReadMessageLevel(string value, MakedumpfileSettings settings, MakedumpfileMessages messages)
    {
        int level = CNumber.ToInt(value);
        if (level is < 0 or > MakedumpfileMessages.MaxLevel)
        {
            messages.Level = MakedumpfileMessages.DefaultLevel;
            throw new MakedumpfileException(null, string.Create(CultureInfo.InvariantCulture, $"Message_level({level}) is invalid."));
        }

        return settings.OnlyChecks ? messages.Level : level;
    }
}
