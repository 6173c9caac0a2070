using System.Text;
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
        IReadOnlyList<string> elfs = TestDumps.Find(".elf");
        Assert.SkipWhen(elfs.Count == 0, "LIFEBOAT_TEST_DUMPS names no folder with dumps");
        foreach (string elf in elfs)
        {
            using var folder = new TemporaryFolder();
            using var source = DumpSource.Open(elf);
            string path = folder.File("out.kdump");
            DumpWriteResult result = KdumpFileWriter.Write(source, path, new DumpWriteOptions());
            Assert.Empty(result.Notices);
            using var ours = DumpSource.Open(path);
            using var theirs = DumpSource.Open(Path.ChangeExtension(elf, ".kdump"));
            Assert.Equal(theirs.EndPfn, ours.EndPfn);
            var differences = new StringBuilder();
            ulong count = 0;
            for (ulong pfn = 0; pfn < ours.EndPfn.Value; pfn++)
            {
                PageState mine = ours.GetPageState(new Pfn(pfn));
                PageState other = theirs.GetPageState(new Pfn(pfn));
                if (mine != other && count++ < 50)
                {
                    differences.AppendLine($"{new Pfn(pfn)} ours {mine} theirs {other}");
                }
            }

            Assert.True(count == 0, $"{elf}: {count}\n{differences}\n{result}");
        }
    }
}
