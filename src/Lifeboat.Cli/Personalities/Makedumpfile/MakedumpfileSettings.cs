using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Cli.Personalities.Makedumpfile;

/// <summary>A command line of makedumpfile, read; option by option, in the order they were given.</summary>
internal sealed class MakedumpfileSettings
{
    /// <summary>The name of standard output in messages.</summary>
    public const string StandardOutputName = "STDOUT";

    public bool ShowsHelp { get; set; }

    public bool ShowsVersion { get; set; }

    public bool OnlyChecks { get; set; }

    /// <summary>How pages are packed (<c>-c -l -p -z</c>); null when none of them is given.</summary>
    public DumpCompression? Compression { get; set; }

    /// <summary>The dump levels to try, in order (<c>-d</c>).</summary>
    public List<int> Levels { get; set; } = [0];

    /// <summary>The most bytes to write (<c>-L</c>); null when there is no limit.</summary>
    public ByteCount? MaxSize { get; set; }

    public bool IsElf { get; set; }

    public bool IsFlattened { get; set; }

    public bool MayOverwrite { get; set; }

    public bool Rearranges { get; set; }

    public bool Splits { get; set; }

    public bool Reassembles { get; set; }

    public bool WritesLog { get; set; }

    public bool WritesPartialLog { get; set; }

    public bool ShowsMemoryUsage { get; set; }

    public bool IsDryRun { get; set; }

    /// <summary>Threads that compress (<c>--num-threads</c>); 0 when not given.</summary>
    public int Threads { get; set; }

    /// <summary>A kernel image to compare with (<c>-x</c>).</summary>
    public string? Vmlinux { get; set; }

    /// <summary>A text of VMCOREINFO to compare with (<c>-i</c>).</summary>
    public string? VmcoreinfoFile { get; set; }

    /// <summary>A kernel's address to translate (<c>--vtop</c>); 0 when there is none.</summary>
    public VirtualAddress AddressToTranslate { get; set; }

    /// <summary>The words that are no options.</summary>
    public IReadOnlyList<string> Operands { get; set; } = [];

    public MakedumpfileMode Mode =>
        Rearranges ? MakedumpfileMode.Rearrange
        : Reassembles ? MakedumpfileMode.Reassemble
        : WritesLog ? MakedumpfileMode.Log
        : ShowsMemoryUsage ? MakedumpfileMode.MemoryUsage
        : MakedumpfileMode.Create;

    /// <summary>The dump to read.</summary>
    public string Memory => Operands[0];

    /// <summary>The file to write, as messages name it: of several, the last.</summary>
    public string Dumpfile => IsFlattened ? StandardOutputName : Operands[^1];

    /// <summary>The files to write; none with <c>-F</c>.</summary>
    public IReadOnlyList<string> Dumpfiles => IsFlattened || Mode == MakedumpfileMode.MemoryUsage ? []
        : Mode == MakedumpfileMode.Create ? [.. Operands.Skip(1)]
        : [Operands[^1]];
}
