using Lifeboat.Inspect.Commands;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
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
            signatures.Add(report.Signature);
        }

        Assert.NotNull(Assert.Single(signatures));
    }

    [Fact]
    public void Every_command_gives_rows_and_no_command_throws()
    {
        foreach (string path in Dumps())
        {
            using var dump = CrashDump.Open(path);
            foreach (string line in (string[])["bt", "bt -a", "bt -A", "bt -f -c a", "dis schedule", "foreach active bt", "log -T -m", "ps -t", "ps -m", "ps -p", "ps -c 2", "set -c 0", "sym -n panic", "sym -M", "mod", "ps", "ps -k", "struct task_struct init_task", "sym panic"])
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
        IReadOnlyList<string> dumps = [.. TestDumps.Find(".elf"), .. TestDumps.Find(".kdump")];
        Assert.SkipWhen(dumps.Count == 0, "LIFEBOAT_TEST_DUMPS names no folder with dumps");
        return dumps;
    }
}
