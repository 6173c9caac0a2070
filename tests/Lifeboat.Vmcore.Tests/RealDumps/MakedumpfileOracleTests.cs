using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.RealDumps;

/// <summary>makedumpfile filtered the same dump at level 31: RELEASE.kdump beside RELEASE.elf.</summary>
public sealed class MakedumpfileOracleTests
{
    [Fact]
    public void The_same_pages_are_kept_as_makedumpfile_keeps()
    {
        IReadOnlyList<string> elfs = [
            .. TestDumps.Find(".elf").Where(static elf => File.Exists(Path.ChangeExtension(elf, ".kdump")))];
        Assert.SkipWhen(elfs.Count == 0, "LIFEBOAT_TEST_DUMPS names no folder with a RELEASE.elf and a RELEASE.kdump");
        foreach (string elf in elfs)
        {
            using var folder = new TemporaryFolder();
            using var source = DumpSource.Open(elf);
            string path = folder.File("out.kdump");
            DumpWriteResult result = KdumpFileWriter.Write(source, path, new DumpWriteOptions { Threads = 2 });
            Assert.Empty(result.Notices);
            using var ours = DumpSource.Open(path);
            using var theirs = DumpSource.Open(Path.ChangeExtension(elf, ".kdump"));
            Assert.Equal(theirs.EndPfn, ours.EndPfn);
            (byte[] a, byte[] b) = (new byte[4096], new byte[4096]);
            for (ulong pfn = 0; pfn < ours.EndPfn.Value; pfn++)
            {
                PageState mine = ours.GetPageState(new Pfn(pfn));
                PageState other = theirs.GetPageState(new Pfn(pfn));
                if (mine != other)
                {
                    Assert.True(
                        KnownDifferences.Explain(source, pfn, mine, other),
                        $"{elf}: {new Pfn(pfn)} is {mine}, makedumpfile says {other}");
                }
                else if (mine == PageState.Present)
                {
                    Assert.Equal(4096, ours.Read(new Pfn(pfn).Address, a, out _));
                    Assert.Equal(4096, theirs.Read(new Pfn(pfn).Address, b, out _));
                    Assert.True(a.AsSpan().SequenceEqual(b), $"{elf}: {new Pfn(pfn)} has other bytes");
                }
            }
        }
    }
}
