using Lifeboat.Core;
using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Commands;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Tasks;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Inspect.Tests.Hostile;

/// <summary>A real dump of which one part is left out, of zeros or garbled: each command gives what is left.</summary>
public sealed class DamagedPartsTests
{
    private static readonly string[] Lines =
    [
        "sys", "ps", "ps -S", "bt", "bt -a", "mod", "sym panic", "struct task_struct init_task", "p jiffies", "runq", "task",
        "list -H -o module.list -s module.name modules", "rd linux_banner 4", "rd -p 1000000 4", "vtop modules", "whatis schedule",
    ];

    public enum Kind
    {
        Excluded,
        Zeroed,
        Garbled,
    }

    [Theory]
    [CombinatorialKinds]
    public void Without_the_names_of_symbols_memory_is_still_read_and_each_command_says_why_it_finds_nothing(Kind kind)
    {
        using var dump = new DamagedPart(kind);
        dump.DamageSymbol("kallsyms_names", 1 << 20);
        dump.RunAll(Lines);
        Assert.Contains(dump.Run("rd -p 1000000 4"), static line => line.Contains("1000000", StringComparison.Ordinal));
        Assert.Contains(dump.Run("ps"), static line => line.StartsWith("note:", StringComparison.Ordinal));
    }

    [Theory]
    [CombinatorialKinds]
    public void Without_types_symbols_stacks_and_memory_are_still_there(Kind kind)
    {
        using var dump = new DamagedPart(kind);
        dump.DamageBetween("__start_BTF", "__stop_BTF", tenths: 3);
        dump.RunAll(Lines);
        Assert.Contains(dump.Run("sym panic"), static line => line.EndsWith("panic", StringComparison.Ordinal));
        Assert.Contains(dump.Run("rd linux_banner 2"), static line => line.Contains("Linux", StringComparison.Ordinal));
        Assert.Contains(dump.Run("bt -a"), static line => line.Contains("panic+", StringComparison.Ordinal));
        Assert.Contains(dump.Run("ps"), static line => line.Contains("types", StringComparison.Ordinal));
    }

    [Theory]
    [CombinatorialKinds]
    public void With_some_of_the_types_names_gone_the_others_are_found(Kind kind)
    {
        using var dump = new DamagedPart(kind);
        dump.DamageBetween("__start_BTF", "__stop_BTF", tenths: 8);
        dump.RunAll(Lines);
        Assert.Contains(dump.Run("sym panic"), static line => line.EndsWith("panic", StringComparison.Ordinal));
    }

    [Theory]
    [CombinatorialKinds]
    public void Without_the_page_tables_the_kernel_s_image_is_still_read(Kind kind)
    {
        using var dump = new DamagedPart(kind);
        dump.DamageSymbol("init_top_pgt", 4096);
        dump.RunAll(Lines);
        Assert.Contains(dump.Run("sym panic"), static line => line.EndsWith("panic", StringComparison.Ordinal));
        Assert.Contains(dump.Run("p init_task.comm"), static line => line.Contains("swapper", StringComparison.Ordinal));
    }

    [Theory]
    [CombinatorialKinds]
    public void A_task_list_that_breaks_off_gives_the_tasks_before_and_a_note(Kind kind)
    {
        using var dump = new DamagedPart(kind);
        KernelTask[] tasks = [.. dump.Kernel.Tasks];
        dump.DamageAt(tasks[20].Address, 9000);
        dump.RunAll(Lines);
        string[] lines = dump.Run("ps");
        Assert.InRange(lines.Length, 10, tasks.Length + 1);
        Assert.Contains(lines, static line => line.StartsWith("note: the list of tasks breaks off", StringComparison.Ordinal));
    }

    [Theory]
    [CombinatorialKinds]
    public void A_stack_that_is_damaged_ends_with_a_reason_and_the_others_are_whole(Kind kind)
    {
        using var dump = new DamagedPart(kind);
        KernelTask crashed = dump.Kernel.CrashedTask!;
        dump.DamageAt(crashed.StackBase!.Value, 16384);
        dump.RunAll(Lines);
        Assert.Contains(dump.Run("bt"), static line => line.StartsWith("note: the stack ends", StringComparison.Ordinal));
        Assert.Contains(dump.Run("bt 2"), static line => line.Contains("kthreadd+", StringComparison.Ordinal));
    }

    [Theory]
    [CombinatorialKinds]
    public void Without_the_memory_map_everything_else_is_as_it_was(Kind kind)
    {
        using var dump = new DamagedPart(kind);
        string[] before = [.. Lines.SelectMany(dump.Run)];
        Assert.True(dump.Kernel.TryFindGlobal("vmemmap_base", "unsigned long", out var start));
        dump.DamageAt(new VirtualAddress(start.Unsigned!.Value), 8 << 20);
        dump.RunAll(Lines);
        Assert.Equal(before, Lines.SelectMany(dump.Run));
    }

    [Theory]
    [CombinatorialKinds]
    public void Without_per_cpu_data_the_tasks_are_still_listed(Kind kind)
    {
        using var dump = new DamagedPart(kind);
        dump.DamageSymbol("__per_cpu_offset", 4096);
        dump.RunAll(Lines);
        Assert.Contains(dump.Run("ps"), static line => line.Contains("kthreadd", StringComparison.Ordinal));
    }

    [Theory]
    [CombinatorialKinds]
    public void A_list_of_modules_that_breaks_off_says_so(Kind kind)
    {
        using var dump = new DamagedPart(kind);
        var modules = dump.Kernel.Modules.ToList();
        dump.DamageAt(modules[2].Object.Address, 512);
        dump.RunAll(Lines);
        Assert.Contains(dump.Run("mod"), static line => line.StartsWith("note: the list of modules breaks off", StringComparison.Ordinal));
    }

    private sealed class CombinatorialKindsAttribute : Xunit.v3.DataAttribute
    {
        public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(
            System.Reflection.MethodInfo testMethod, Xunit.Sdk.DisposalTracker disposalTracker) =>
            new([.. Enum.GetValues<Kind>().Select(static kind => new TheoryDataRow<Kind>(kind))]);

        public override bool SupportsDiscoveryEnumeration() => true;
    }

    private sealed class DamagedPart : IDisposable
    {
        private readonly Kind _kind;
        private readonly MutatedDump _dump;
        private InspectSession? _session;

        internal DamagedPart(Kind kind)
        {
            string? path = TestDumps.Find(".filtered").FirstOrDefault(static path => path.Contains("6.1.", StringComparison.Ordinal));
            Assert.SkipWhen(path is null, "LIFEBOAT_TEST_DUMPS names no folder with a dump of 6.1");
            _kind = kind;
            _dump = new MutatedDump(DumpSource.Open(path)) { MostReads = 1 << 24 };
            Kernel = CrashedKernel.Open(_dump);
        }

        /// <summary>As it was before the damage.</summary>
        internal CrashedKernel Kernel { get; }

        internal void DamageSymbol(string name, int bytes)
        {
            Assert.True(_dump.Vmcoreinfo.TryGetSymbol(name, out VirtualAddress address) || Kernel.Symbols.TryFindAddress(name, out address));
            DamageAt(address, bytes);
        }

        /// <summary>Damages 16 pages so many tenths of the way between two symbols.</summary>
        internal void DamageBetween(string first, string last, int tenths)
        {
            Assert.True(Kernel.Symbols.TryFindAddress(first, out VirtualAddress start));
            Assert.True(Kernel.Symbols.TryFindAddress(last, out VirtualAddress end));
            DamageAt(start + new ByteCount((end.Value - start.Value) / 10 * (ulong)tenths), 16 * 4096);
        }

        internal void DamageAt(VirtualAddress address, int bytes)
        {
            var random = new Random(bytes);
            _session = null;
            for (int done = 0; done < bytes;)
            {
                VirtualAddress place = address + new ByteCount((ulong)done);
                int count = Math.Min(bytes - done, 4096 - (int)(place.Value % 4096));
                done += count;
                if (!Kernel.Space.TryTranslate(place, out PhysicalAddress physical, out _, out _))
                {
                    continue;
                }

                if (_kind == Kind.Excluded)
                {
                    _dump.Exclude(physical.Pfn.Value);
                    continue;
                }

                Span<byte> page = _dump.Change(physical.Pfn.Value);
                Span<byte> part = page.IsEmpty ? page : page.Slice((int)(physical.Value % 4096), count);
                part.Clear();
                if (_kind == Kind.Garbled)
                {
                    random.NextBytes(part);
                }
            }
        }

        /// <summary>The lines of a command on what is left; of the mistake where there is nothing to do.</summary>
        internal string[] Run(string line)
        {
            try
            {
                _session ??= new InspectSession(CrashedKernel.Open(_dump));
                return HostileRun.Command(_session, line)
                    .Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
            }
            catch (CommandException e)
            {
                return [e.Message];
            }
        }

        /// <summary>None throws, and none is silent.</summary>
        internal void RunAll(string[] lines)
        {
            Assert.All(lines, line => Assert.NotEmpty(Run(line)));
            Assert.NotEmpty(HostileRun.Report(_dump, DumpLimits.Default));
        }

        public void Dispose() => _dump.Dispose();
    }
}
