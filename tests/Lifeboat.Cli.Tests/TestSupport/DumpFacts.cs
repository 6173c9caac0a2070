using System.Security.Cryptography;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore;

namespace Lifeboat.Cli.Tests.TestSupport;

/// <summary>What two dumps of one machine are compared by.</summary>
/// <param name="Format">The format's name.</param>
/// <param name="Level">The level that its header tells.</param>
/// <param name="Incomplete">Whether it says that it is incomplete.</param>
/// <param name="Present">Pages whose bytes it has, zeros among them.</param>
/// <param name="Digest">SHA-256 of their numbers and bytes.</param>
internal sealed record DumpFacts(string Format, DumpLevel? Level, bool Incomplete, ulong Present, string Digest)
{
    internal static DumpFacts Of(string path, bool skipZeros = false)
    {
        using var dump = DumpSource.Open(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        ulong present = 0;
        byte[] page = new byte[Pfn.PageSize];
        for (ulong pfn = 0; pfn < dump.EndPfn.Value; pfn++)
        {
            if (dump.GetPageState(new Pfn(pfn)) is not (PageState.Present or PageState.Zero))
            {
                continue;
            }

            Assert.Equal(page.Length, dump.Read(new Pfn(pfn).Address, page, out _));
            if (skipZeros && !page.AsSpan().ContainsAnyExcept((byte)0))
            {
                continue;
            }

            hash.AppendData(BitConverter.GetBytes(pfn));
            hash.AppendData(page);
            present++;
        }

        return new DumpFacts(
            dump.FormatName, dump.HeaderLevel, dump.IsIncomplete, present, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
