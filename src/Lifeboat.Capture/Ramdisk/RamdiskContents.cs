using System.Text;
using Lifeboat.Capture.Modules;
using Lifeboat.Core.Archives;
using Lifeboat.Core.Compression;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;

namespace Lifeboat.Capture.Ramdisk;

/// <summary>What is in a ramdisk that <see cref="RamdiskBuilder"/> built: program, modules, settings.</summary>
public sealed class RamdiskContents
{
    // Several times what ours unpack to: more is none of ours, and would fill the memory of a capture kernel.
    private const int MaxUnpacked = 256 << 20;

    // As many as the kernel follows.
    private const int MostLinks = 40;

    private RamdiskContents(string name, RamdiskCompression compression, ByteCount unpackedSize, IReadOnlyList<CpioEntry> entries)
    {
        Name = name;
        Compression = compression;
        UnpackedSize = unpackedSize;
        Entries = entries;
    }

    /// <summary>Its file's name, for messages.</summary>
    public string Name { get; }

    /// <summary>How it is compressed.</summary>
    public RamdiskCompression Compression { get; }

    /// <summary>Bytes of the archive before compression.</summary>
    public ByteCount UnpackedSize { get; }

    /// <summary>All entries, in the archive's order.</summary>
    public IReadOnlyList<CpioEntry> Entries { get; }

    /// <summary>The modules, in load order.</summary>
    public IReadOnlyList<RamdiskModule> Modules =>
        Array.ConvertAll(Text(RamdiskLayout.ModuleList)?.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [], RamdiskModule.Parse);

    /// <summary>The settings; null when it has none.</summary>
    public string? Settings => Text(RamdiskLayout.Settings);

    /// <summary>The plans of the network; null when it has none.</summary>
    public string? Network => Text(RamdiskLayout.Network);

    /// <summary>The plans of what targets lie on; null when it has none.</summary>
    public string? Storage => Text(RamdiskLayout.Storage);

    /// <summary>The release of the kernel that its modules are for; null when it has none, or they do not say.</summary>
    public string? KernelRelease
    {
        get
        {
            foreach (RamdiskModule module in Modules)
            {
                if (Find(module.Path) is { } file && ModuleInfo.TryRead(file.Content.Span)?.KernelRelease is { } release)
                {
                    return release;
                }
            }

            return null;
        }
    }

    /// <summary>Unpacks one.</summary>
    /// <param name="file">The whole file; what is not compressed is referred to.</param>
    /// <param name="name">What to call it in messages: its path.</param>
    /// <exception cref="DiagnosticException">It is damaged, or no ramdisk of ours.</exception>
    public static RamdiskContents Read(ReadOnlyMemory<byte> file, string name)
    {
        RamdiskCompression compression = file.Span.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]) ? RamdiskCompression.Gzip
            : file.Span.StartsWith((ReadOnlySpan<byte>)[0x28, 0xb5, 0x2f, 0xfd]) ? RamdiskCompression.Zstd
            : RamdiskCompression.None;
        ReadOnlyMemory<byte>? archive = compression switch
        {
            RamdiskCompression.Gzip => GzipArchive.Decompress(file.Span, MaxUnpacked),
            RamdiskCompression.Zstd => ZstdArchive.Decompress(file.Span, MaxUnpacked),
            _ => file,
        };
        if (archive is not { Length: > 0 } unpacked)
        {
            throw NotOurs(name, compression == RamdiskCompression.None ? "an empty file" : $"damaged {compression} data, or more than 256 MiB");
        }

        if (!unpacked.Span.StartsWith("070701"u8))
        {
            throw NotOurs(name, "no cpio archive");
        }

        var contents = new RamdiskContents(
            name, compression, new ByteCount((ulong)unpacked.Length), CpioReader.Read(unpacked, compression == RamdiskCompression.None ? name : $"{name}, unpacked"));
        return contents.Find(RamdiskLayout.ModuleList) is not null
            ? contents
            : throw NotOurs(name, $"an archive without {RamdiskLayout.ModuleList}");
    }

    /// <summary>The file at an absolute path, through links; null when there is none.</summary>
    public CpioEntry? Find(string path)
    {
        for (int links = 0; links < MostLinks; links++)
        {
            string? next = null;
            foreach (CpioEntry entry in Entries)
            {
                if (path.AsSpan(1).SequenceEqual(entry.Name) && entry.IsFile)
                {
                    return entry;
                }

                // Of a link in a folder the target counts from there; the path's rest follows.
                if (entry.IsSymbolicLink && path.AsSpan(1).StartsWith(entry.Name)
                    && (path.Length == entry.Name.Length + 1 || path[entry.Name.Length + 1] == '/'))
                {
                    string folder = Path.GetDirectoryName("/" + entry.Name) ?? "/";
                    next = Path.GetFullPath(Path.Combine(folder, Encoding.UTF8.GetString(entry.Content.Span)) + path[(entry.Name.Length + 1)..]);
                }
            }

            if (next is null)
            {
                return null;
            }

            path = next;
        }

        return null;
    }

    private string? Text(string path) => Find(path) is { } file ? Encoding.UTF8.GetString(file.Content.Span) : null;

    private static DiagnosticException NotOurs(string name, string found) =>
        new(new Diagnostic(CaptureDiagnostics.BadRamdisk, "This is no ramdisk that lifeboat has built")
        {
            Where = name,
            Found = found,
            Expected = "a cpio archive (newc), alone or packed by gzip or zstd, with the list of its modules",
            Remedy = "lifeboat ramdisk build makes one",
        });
}
