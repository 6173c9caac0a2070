using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Commands;
using Lifeboat.Inspect.Reporting;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Memory;
using Lifeboat.Kernel.Tasks;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Inspect.Tests.RealDumps;

/// <summary>Reports and commands on dumps of Debian's kernels that crashed by sysrq, unfiltered (.elf) and filtered (.kdump).</summary>
public sealed class RealReportTests
{
    [Fact]
    public void A_crash_by_sysrq_has_its_stack_and_one_name_on_every_kernel()
    {
        var signatures = new HashSet<string?>();
        foreach (string path in Dumps())
        {
            using var dump = DumpSource.Open(path);
            CrashReport report = CrashReport.Create(dump);
            Assert.Equal(2, report.Stacks.Count);
            Assert.Equal(report.Panic?.Cpu, report.Stacks[0].Cpu);
            Assert.Contains(report.Stacks[0].Frames, static frame => frame.StartsWith("sysrq_handle_crash+", StringComparison.Ordinal));
            Assert.StartsWith("entry_SYSCALL_64_after_hwframe+", report.Stacks[0].Frames[^1], StringComparison.Ordinal);
            Assert.All(report.Stacks, static stack => Assert.Null(stack.End));
            Assert.Empty(report.Diagnostics);
            Assert.StartsWith("sysrq_handle_crash+", report.Site?.Place, StringComparison.Ordinal);
            Assert.False(report.Site?.IsInstruction);
            Assert.Equal("not tainted", report.TaintMeaning);
            Assert.All(report.Modules, static module => Assert.Empty(module.Taint));
            Assert.NotEmpty(report.Modules);
            Assert.Equal(3, report.Load.Count);
            Assert.Contains(report.LogAround, static line => line.Contains("sysrq triggered crash", StringComparison.Ordinal));
            Assert.All(report.Blocked, static task => Assert.Equal("lb-vfork", task.Command));
            signatures.Add(report.Signature);
        }

        Assert.NotNull(Assert.Single(signatures));
    }

    [Fact]
    public void Memory_adds_up_and_is_less_than_there_is()
    {
        foreach (string path in Dumps())
        {
            using var dump = DumpSource.Open(path);
            CrashReport report = CrashReport.Create(dump);
            MemoryUse memory = Assert.IsType<MemoryUse>(report.Memory);
            Assert.InRange(memory.Total.Value, report.Ram.Value / 2, report.Ram.Value);
            Assert.InRange(memory.Free.Value, 1UL << 20, memory.Total.Value);

            // The drill fills 32 MiB of a process's memory, and 8 MiB of cache.
            Assert.InRange(memory.Anonymous.Value, 32UL << 20, memory.Total.Value);
            Assert.InRange(memory.Cached.Value, 8UL << 20, memory.Total.Value);
            Assert.InRange(memory.Slab.Value, 1UL << 20, memory.Total.Value / 4);
            Assert.InRange(memory.Other.Value, 0UL, memory.Total.Value / 4);
        }
    }

    [Fact]
    public void Every_task_has_a_stack_when_they_are_asked_for()
    {
        foreach (string path in Dumps().Where(static path => path.EndsWith(".elf", StringComparison.Ordinal)))
        {
            using var dump = DumpSource.Open(path);
            CrashReport report = CrashReport.Create(dump, everyTask: true);
            Assert.InRange(report.Tasks.Count, 40, 400);
            Assert.All(report.Tasks, static task => Assert.True(task.Frames.Count > 0 || task.State is "R" or "Z", task.Command));
            Assert.Contains(report.Tasks, static task => task is { Command: "lb-flock", State: "S" } && task.WaitsIn!.Contains("flock", StringComparison.Ordinal));
            using var page = new StringWriter();
            CrashReportHtml.Write(report, page);
            Assert.InRange(page.ToString().Length, 10_000, 400_000);
        }
    }

    [Fact]
    public void Addresses_are_what_they_are()
    {
        foreach (string path in Dumps())
        {
            using var dump = CrashDump.Open(path);
            CrashedKernel kernel = dump.Kernel;
            string Of(ulong address) => kernel.Memory.OriginOf(new VirtualAddress(address)).Text;
            KernelTask task = kernel.CrashedTask!;
            ulong stack = task.StackBase!.Value.Value;
            Assert.Equal("a NULL pointer, 0x10 bytes beyond", Of(0x10));
            Assert.Equal("an address of a process", Of(0x7fff_1234_5678));
            Assert.Equal("no address: not canonical", Of(0x1234_0000_0000_0000));
            Assert.Contains("freed", Of(0x6b6b_6b6b_6b6b_6b7b), StringComparison.Ordinal);
            Assert.Contains("LIST_POISON1", Of(0xdead_0000_0000_0108), StringComparison.Ordinal);
            Assert.Equal("the kernel stack of 1 \"init\"", Of(stack + 64));
            Assert.Equal("below the end of the kernel stack of 1 \"init\": it overflowed", Of(stack - 8));
            Assert.True(kernel.Names.TryFind("panic", out SymbolPlace? panic));
            Assert.StartsWith("panic+0x4/", Of(panic.Symbol.Address.Value + 4), StringComparison.Ordinal);
            Assert.Contains("an object of task_struct in use", Of(task.Address.Value + 128), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_command_gives_rows_and_no_command_throws()
    {
        foreach (string path in Dumps())
        {
            using var dump = CrashDump.Open(path);
            foreach (string line in (string[])["bt", "bt -a", "bt -A", "bt -f -c a", "dis schedule", "foreach active bt", "log -T -m", "ps -t", "ps -m", "ps -p", "ps -c 2", "set -c 0", "sym -n panic", "sym -M", "mod", "ps", "ps -k", "struct task_struct init_task", "sym panic",
                "kmem -i", "kmem -s", "kmem -f", "kmem -v", "kmem -n", "kmem -z", "kmem init_task", "vm", "vm -p", "search -t init_task", "rd -S init_task 8"])
            {
                string[] words = line.Split(' ');
                Assert.True(InspectCommands.TryFind(words[0], out InspectCommand? command));
                IReadOnlyList<Table> tables = command.Run(new InspectSession(dump.Kernel), words[1..]);
                Assert.All(tables, table => Assert.True(table.Rows.Count > 0 || line.Contains("bt", StringComparison.Ordinal), line));
            }
        }
    }

    private static IReadOnlyList<string> Dumps()
    {
        IReadOnlyList<string> dumps = [.. TestDumps.Find(".elf"), .. TestDumps.Find(".filtered")];
        Assert.SkipWhen(dumps.Count == 0, "LIFEBOAT_TEST_DUMPS names no folder with dumps");
        return dumps;
    }
}
