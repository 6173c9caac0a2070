// Packs a file of pages, each for itself, with every codec; prints how large they become and how long one thread takes.
//   dotnet publish bench/Codecs -c Release -r linux-x64 -o artifacts/codecs && artifacts/codecs/Codecs PAGES [ROUNDS]
using System.Globalization;
using Lifeboat.Bench.Codecs;
using Lifeboat.Core.Compression;
using Lifeboat.Core.Compression.Zstd;

const int PageSize = 4096;
if (args.Length is 0 or > 2)
{
    Console.Error.WriteLine("usage: Codecs PAGES [ROUNDS]");
    return 2;
}

byte[] pages = File.ReadAllBytes(args[0]);
int rounds = args.Length == 2 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 7;
int count = pages.Length / PageSize;
using var ours = new ZstdPageCompressor();
using var zstd1 = new ZstdCompressor(level: 1);
using var zstd3 = new ZstdCompressor(level: 3);
using var zlib = new ZlibCompressor();
(string Name, PageCodec Pack)[] codecs =
[
    ("zstd, ours", ours.Compress),
    ("zstd 1, libzstd", zstd1.Compress),
    ("zstd 3, libzstd", zstd3.Compress),
    ("zlib, libdeflate", zlib.Compress),
    ("lzo, ours", new LzoCompressor().Compress),
    ("snappy, ours", new SnappyCompressor().Compress),
];
var best = new TimeSpan[codecs.Length];
long[] sizes = new long[codecs.Length];
Array.Fill(best, TimeSpan.MaxValue);
byte[] target = new byte[PageSize - 1];

// In turns, so that what else the machine does falls on all of them.
for (int round = 0; round < rounds; round++)
{
    for (int i = 0; i < codecs.Length; i++)
    {
        TimeSpan start = Environment.CpuUsage.TotalTime;
        long size = 0;
        for (int page = 0; page < count; page++)
        {
            int packed = codecs[i].Pack(pages.AsSpan(page * PageSize, PageSize), target);
            size += packed == 0 ? PageSize : packed;
        }

        TimeSpan time = Environment.CpuUsage.TotalTime - start;
        best[i] = time < best[i] ? time : best[i];
        sizes[i] = size;
    }
}

Console.WriteLine($"{count} pages, best of {rounds} rounds");
Console.WriteLine("| Codec | Bytes | Of the pages | us a page |");
Console.WriteLine("|---|---:|---:|---:|");
for (int i = 0; i < codecs.Length; i++)
{
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {codecs[i].Name} | {sizes[i]} | {100.0 * sizes[i] / pages.Length:F2} % | {best[i].TotalMicroseconds / count:F2} |"));
}

return 0;
