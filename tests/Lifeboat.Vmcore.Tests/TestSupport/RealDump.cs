using Lifeboat.Vmcore.Flattened;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.TestSupport;

/// <summary>One dump of a real machine, written again in any format, and what its pages are.</summary>
internal static class RealDump
{
    /// <summary>What <see cref="Write"/> takes that every reader of dumps knows.</summary>
    public static TheoryData<string> Formats => ["None", "Zlib", "Lzo", "Snappy", "Zstd", "elf"];

    /// <summary>The first of those dumps; the test is skipped when there is none.</summary>
    internal static string Require()
    {
        IReadOnlyList<string> elfs = TestDumps.Find(".elf");
        Assert.SkipWhen(elfs.Count == 0, "LIFEBOAT_TEST_DUMPS names no folder with dumps");
        return elfs[0];
    }

    /// <summary>
    /// The first of them whose kernel's image with type data is there too; the test is skipped when there is none.
    /// </summary>
    internal static (string Dump, string Image) RequireWithImage()
    {
        _ = Require();
        string? debug = Environment.GetEnvironmentVariable("LIFEBOAT_TEST_DEBUGINFO");
        foreach (string dump in TestDumps.Find(".elf"))
        {
            string name = $"vmlinux-{Path.GetFileNameWithoutExtension(dump)}";
            string[] images = Directory.Exists(debug) ? Directory.GetFiles(debug, name, SearchOption.AllDirectories) : [];
            if (images.Length > 0)
            {
                return (dump, images[0]);
            }
        }

        Assert.Skip("LIFEBOAT_TEST_DEBUGINFO names no folder with vmlinux-RELEASE of a dump's kernel");
        return default;
    }

    /// <summary>Writes a dump: <c>elf</c>, <c>flattened</c>, <c>rearranged</c>, <c>split</c>, or a codec's name.</summary>
    internal static string[] Write(DumpSource source, string format, TemporaryFolder folder, DumpLevel level = DumpLevel.All)
    {
        string path = folder.File("ours");
        var options = new DumpWriteOptions { Level = level, Threads = 2 };
        switch (format)
        {
            case "elf":
                ElfFileWriter.Write(source, path, options);
                return [path];
            case "split":
                string[] parts = [$"{path}.0", $"{path}.1", $"{path}.2"];
                KdumpFileWriter.WriteSplit(source, parts, options);
                return parts;
            case "flattened" or "rearranged":
                using (FileStream stream = File.Create(path))
                {
                    KdumpFileWriter.WriteFlattened(source, stream, options);
                }

                if (format == "flattened")
                {
                    return [path];
                }

                using (FileStream stream = File.OpenRead(path))
                {
                    FlattenedDump.Rearrange(stream, folder.File("rearranged"));
                }

                return [folder.File("rearranged")];
            default:
                KdumpFileWriter.Write(source, path, options with { Compression = Enum.Parse<DumpCompression>(format) });
                return [path];
        }
    }
}
