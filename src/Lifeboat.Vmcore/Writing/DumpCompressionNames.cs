using System.Diagnostics.CodeAnalysis;

namespace Lifeboat.Vmcore.Writing;

/// <summary>The names of the ways to pack pages, as options and settings have them.</summary>
public static class DumpCompressionNames
{
    /// <summary>All of them, the default first.</summary>
    public static IReadOnlyList<string> All { get; } = ["zstd", "zlib", "lzo", "snappy", "none"];

    /// <summary>The name of a way.</summary>
    public static string NameOf(DumpCompression compression) => compression switch
    {
        DumpCompression.Zstd => "zstd",
        DumpCompression.Zlib => "zlib",
        DumpCompression.Lzo => "lzo",
        DumpCompression.Snappy => "snappy",
        _ => "none",
    };

    /// <summary>Finds the way of a name.</summary>
    public static bool TryParse([NotNullWhen(true)] string? name, out DumpCompression compression)
    {
        compression = name switch
        {
            "zstd" => DumpCompression.Zstd,
            "zlib" => DumpCompression.Zlib,
            "lzo" => DumpCompression.Lzo,
            "snappy" => DumpCompression.Snappy,
            _ => DumpCompression.None,
        };
        return name == NameOf(compression);
    }
}
