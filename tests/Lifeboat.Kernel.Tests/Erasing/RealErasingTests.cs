using System.Security.Cryptography;
using System.Text;
using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Tests.Hostile;
using Lifeboat.Kernel.Erasing;
using Lifeboat.Kernel.Objects;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Erasing;
using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Kernel.Tests.Erasing;

/// <summary>Secrets of real kernels are found, overwritten, and found to be.</summary>
public sealed class RealErasingTests : IDisposable
{
    // What a drill's guest gives its kernel to keep (PlantedSecrets).
    private static readonly string[] Planted = ["planted lifeboat:user", "planted lifeboat:logon", "planted lifeboat:cipher"];

    // What it wrote and nobody read.
    private static readonly string[] PlantedData = ["planted lifeboat:pipe", "planted lifeboat:packet"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Keys_are_gone_from_a_dump_and_it_can_be_proven()
    {
        foreach (DumpSource dump in Dumps())
        {
            EraseFindings found = EraseSearch.In(dump, [Parse("keys")], TimeProvider.System);
            Assert.Empty(found.Notices);
            string path = _folder.File("out");
            _ = KdumpFileWriter.Write(dump, path, new DumpWriteOptions { Level = DumpLevel.All, Eraser = found.ToEraser() });
            using DumpSource written = DumpSource.Open(path);
            RedactionResult result = RedactionCheck.Run(written, [Parse("keys")], TimeProvider.System);
            Assert.True(result.IsProven, dump.Path);
            Assert.Equal((found.Ranges.Count, found.Ranges.Count), (result.Found, result.Said));
            Assert.Equal(found.ToEraser().Bytes, result.Erased);
        }
    }

    [Fact]
    public void A_dump_that_has_them_is_told_from_one_without()
    {
        foreach (DumpSource dump in Dumps())
        {
            RedactionResult result = RedactionCheck.Run(dump, [Parse("crypto"), Parse("keyring")], TimeProvider.System);
            Assert.Equal((0, result.Found), (result.Said, result.Unsaid.Count));
            Assert.Equal(result.Found == 0, result.IsProven);
        }
    }

    [Fact]
    public void Secrets_whose_bytes_are_known_are_nowhere_in_a_dump_of_the_kernels_own_pages()
    {
        byte[][] keys = [.. Planted.Select(static text => SHA256.HashData(Encoding.ASCII.GetBytes(text)))];
        byte[][] secrets = [.. keys, .. PlantedData.Select(static text => SHA256.HashData(Encoding.ASCII.GetBytes(text)))];
        int kernels = 0;
        foreach (DumpSource dump in Dumps())
        {
            string path = _folder.File("out");
            var options = new DumpWriteOptions { Level = DumpLevel.All };
            _ = KdumpFileWriter.Write(dump, path, options);
            using (DumpSource plain = DumpSource.Open(path))
            {
                // Dumps made before the guest had secrets have none.
                IReadOnlyList<PhysicalAddress?> there = SecretSearch.Run(plain, secrets);
                if (there.All(static place => place is null))
                {
                    continue;
                }

                Assert.DoesNotContain(null, there.Take(keys.Length));
            }

            EraseFindings found = EraseSearch.In(dump, [Parse("keys"), Parse("user")], TimeProvider.System);
            Assert.Empty(found.Notices);
            DumpEraser eraser = found.ToEraser();
            _ = KdumpFileWriter.Write(dump, path, options with { Eraser = eraser });
            using DumpSource written = DumpSource.Open(path);
            Assert.All(SecretSearch.Run(written, secrets), static place => Assert.Null(place));
            Assert.True(RedactionCheck.Run(written, [Parse("keys"), Parse("user")], TimeProvider.System).IsProven);
            kernels++;
        }

        Assert.SkipWhen(kernels == 0, "the dumps were made by guests without secrets");
    }

    [Fact]
    public void Members_are_found_by_symbol_by_list_by_tree_and_by_cache()
    {
        foreach (DumpSource dump in Dumps())
        {
            var kernel = CrashedKernel.Open(dump);
            int processes = kernel.Tasks.Count(static task => task.Pid > 0 && task.Object["tgid"].Signed == task.Pid);
            EraseFindings byList = Find(kernel, "type task_struct.comm in list init_task.tasks by tasks");
            Assert.Equal(processes, byList.Ranges.Count);
            Assert.All(byList.Ranges, static range => Assert.Equal(16UL, range.Range.Length.Value));
            Assert.Equal("task_struct.comm", byList.Ranges[0].What);

            EraseFindings bySymbol = Find(kernel, "symbol init_task.comm");
            byte[] name = new byte[16];
            Assert.Equal(16, dump.Read(Assert.Single(bySymbol.Ranges).Range.Start, name, out _));
            Assert.StartsWith("swapper", Encoding.ASCII.GetString(name), StringComparison.Ordinal);

            // The cache has threads, too.
            EraseFindings byCache = Find(kernel, "type task_struct.comm in cache task_struct");
            Assert.Empty(Starts(byList).Except(Starts(byCache)));

            // A text behind a pointer, as long as it is.
            EraseFindings byTree = Find(kernel, "type key.description in tree key_serial_tree by serial_node");
            Assert.InRange(byTree.Ranges.Count, 3, 1000);
            Assert.InRange(byTree.Ranges.Select(static range => range.Range.Length.Value).Distinct().Count(), 2, 1000);
        }
    }

    [Theory]
    [InlineData("symbol no_such_thing", "no such symbol")]
    [InlineData("symbol init_task as no_such_type", "no such type")]
    [InlineData("symbol init_task.no_such_member", "a type that leads to it")]
    [InlineData("symbol jiffies.x as int", "a type that leads to it")]
    [InlineData("symbol key_serial_tree.rb_node", "the type of a variable is not known")]
    [InlineData("type key.payload.data in cache no_such_cache", "no such slab cache")]
    [InlineData("type no_such.x in list super_blocks by y", "a type that leads to it")]
    [InlineData("symbol init_task.stack", "say size")]
    public void What_cannot_be_found_is_told_and_costs_nothing_else(string text, string told)
    {
        foreach (DumpSource dump in Dumps().Take(1))
        {
            EraseFindings found = EraseSearch.In(dump, [Parse(text), Parse("symbol init_task.comm")], TimeProvider.System);
            Assert.Contains(told, Assert.Single(found.Notices).ToString(), StringComparison.Ordinal);
            Assert.Single(found.Ranges);
        }
    }

    [Fact]
    public void There_is_an_end_to_places_and_to_time()
    {
        foreach (DumpSource dump in Dumps().Take(1))
        {
            EraseDirective[] all = [Parse("type task_struct.comm in list init_task.tasks by tasks")];
            EraseFindings few = EraseSearch.In(dump, all, TimeProvider.System, new EraseLimits { MaxRanges = 3 });
            Assert.Equal(3, few.Ranges.Count);
            Assert.Contains("more than 3 places", Assert.Single(few.Notices).ToString(), StringComparison.Ordinal);
            EraseFindings none = EraseSearch.In(dump, all, TimeProvider.System, new EraseLimits { MaxTime = TimeSpan.Zero });
            Assert.Contains("no time", none.Notices[^1].ToString(), StringComparison.Ordinal);
            Assert.Throws<OperationCanceledException>(() =>
                EraseSearch.In(dump, all, TimeProvider.System, limits: null, new CancellationToken(canceled: true)));
        }
    }

    [Fact]
    public void Where_the_tree_of_keys_is_broken_the_allocator_knows_them()
    {
        foreach (DumpSource dump in Dumps())
        {
            using var broken = new MutatedDump(dump);
            var kernel = CrashedKernel.Open(broken);
            EraseFindings whole = Find(kernel, "keyring");
            Assert.True(kernel.TryFindGlobal("key_serial_tree", "struct rb_root", out KernelObject? root));
            KernelObject right = root["rb_node"].Target["rb_right"];
            Assert.True(kernel.Space.TryTranslate(right.Address, out PhysicalAddress place, out _, out _));
            broken.Change(place.Pfn.Value).Slice((int)(place.Value % 4096), 8).Fill(0x11);
            EraseFindings found = Find(kernel, "keyring");
            Assert.Contains(found.Notices, static notice => notice.ToString().Contains("the tree of keys", StringComparison.Ordinal));
            Assert.Equal(Starts(whole), Starts(found));
        }
    }

    [Fact]
    public void Damaged_memory_ends_a_search_and_breaks_nothing()
    {
        var random = new Random(11);
        foreach (DumpSource dump in Dumps().Take(2))
        {
            var reads = new List<PhysicalRange>();
            using var broken = new MutatedDump(dump) { Record = reads, MostReads = 50_000_000 };
            var kernel = CrashedKernel.Open(broken);
            _ = Find(kernel, "keyring");
            broken.Record = null;
            for (int i = 0; i < 60; i++)
            {
                for (int hits = random.Next(1, 5); hits > 0; hits--)
                {
                    PhysicalRange hit = reads[random.Next(reads.Count)];
                    Span<byte> page = broken.Change(hit.Start.Pfn.Value);
                    if (page.Length > 0)
                    {
                        random.NextBytes(page.Slice((int)(hit.Start.Value % 4096) & ~7, 8));
                    }
                }

                EraseFindings found = Find(kernel, "keyring");
                Assert.InRange(found.Ranges.Count, 0, EraseLimits.Default.MaxRanges);
                broken.Mend();
            }
        }
    }

    private static EraseFindings Find(CrashedKernel kernel, string text) => EraseSearch.In(kernel, [Parse(text)], TimeProvider.System);

    private static ulong[] Starts(EraseFindings found) =>
        [.. found.Ranges.Select(static range => range.Range.Start.Value).Distinct().Order()];

    private static EraseDirective Parse(string text) =>
        EraseDirective.TryParse(text, out EraseDirective? directive) ? directive : throw new ArgumentException(text, nameof(text));

    private static IEnumerable<DumpSource> Dumps()
    {
        IReadOnlyList<string> paths = TestDumps.Find(".elf");
        Assert.SkipWhen(paths.Count == 0, "LIFEBOAT_TEST_DUMPS names no folder with dumps");
        bool hasAny = false;
        foreach (string path in paths)
        {
            using DumpSource dump = DumpSource.Open(path);
            if (dump.EraseInfo.IsEmpty)
            {
                hasAny = true;
                yield return dump;
            }
        }

        Assert.SkipUnless(hasAny, "the dumps were erased when they were made");
    }
}
