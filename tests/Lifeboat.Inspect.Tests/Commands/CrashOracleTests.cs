using System.Globalization;
using System.Text.RegularExpressions;
using Lifeboat.Inspect.Commands;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Symbols.Tests.RealDumps;
using Lifeboat.TestSupport;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Inspect.Tests.Commands;

/// <summary>Memory, values and declarations as crash shows them with debugging information.</summary>
public sealed partial class CrashOracleTests
{
    private static readonly string[] Reads =
    [
        "rd linux_banner 12", "rd -32 linux_banner 7", "rd -16 linux_banner 9", "rd -8 linux_banner 21", "rd init_task 64",
        "rd -32 jiffies 3",
    ];

    private static readonly string[] Values =
    [
        "jiffies", "init_task.prio", "init_task.pid", "init_task.flags", "init_task.tasks.next", "init_task.mm", "init_task.active_mm",
        "init_task.se.load.weight", "init_task.thread.sp", "nr_cpu_ids", "panic_timeout", "init_mm.pgd", "init_mm.map_count",
        "init_task.real_parent.real_parent.pid", "((struct task_struct *)init_task.tasks.next)->flags",
    ];

    private static readonly string[] Types =
    [
        "struct list_head", "struct vm_struct", "struct path", "struct timer_list", "struct kobject", "struct page", "struct file_operations",
        "struct task_struct", "union fpregs_state", "struct dentry", "struct sock", "struct rq",
    ];

    [Fact]
    public void Memory_values_and_types_are_those_that_crash_shows()
    {
        Tools.Require(Tools.Crash);
        using var real = RealKernel.OpenWithDebugInfo();
        using var folder = new TemporaryFolder();
        CrashedKernel kernel = CrashedKernel.Open(real.Dump);
        string[] reads = [.. Reads, $"rd -p {Rows(kernel, "vtop linux_banner")[0][1]} 16"];
        string script = folder.Write("commands", string.Join('\n', [
            .. reads, .. Values.Select(value => $"p {value}"), .. Types.Select(type => $"whatis {type}"), "struct -o vm_struct", "q", ""]));
        string[] answer = Tools.Run("/bin/sh", "-c", $"{Tools.Crash} -s {real.Path} {real.Vmlinux} < {script}").Split('\n');

        Assert.Equal(
            answer.Select(line => ReadLine().Match(line)).Where(match => match.Success).Select(match => match.Value.Trim()),
            reads.SelectMany(command => Rows(kernel, command)).Select(row => $"{row[0]}:  {row[1]}"));

        Assert.Equal(
            answer.Select(line => ValueLine().Match(line)).Where(match => match.Success).Select(match => Number(match.Groups[1].Value)),
            Values.Select(value => Number(Rows(kernel, $"p {value}")[0][2])));

        string all = Plain(string.Join('\n', answer));
        foreach (string type in Types)
        {
            string ours = Plain(string.Join('\n', Rows(kernel, $"whatis {type}").Select(row => row[0])));
            Assert.Contains(ours, all, StringComparison.Ordinal);
        }

        Assert.Equal(
            answer.Select(line => OffsetLine().Match(line)).Where(match => match.Success)
                .Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value}"),
            Rows(kernel, "struct vm_struct").Select(row => $"{row[0]} {row[3]}"));
    }

    [Fact]
    public void A_maple_tree_has_as_many_areas_as_the_kernel_counted()
    {
        IReadOnlyList<string> dumps = TestDumps.Find(".elf");
        Assert.SkipWhen(dumps.Count == 0, "LIFEBOAT_TEST_DUMPS names no folder with dumps");
        foreach (string path in dumps)
        {
            using var dump = CrashDump.Open(path);
            if (!dump.Kernel.Type("struct mm_struct").TryFindMember("mm_mt", out _))
            {
                // Before 6.1 the areas are in a red-black tree.
                continue;
            }

            string[][] count = Rows(dump.Kernel, "p runqueues:a.curr->mm->map_count");
            string[][] memory = Rows(dump.Kernel, "p runqueues:a.curr->mm");
            int compared = 0;
            for (int cpu = 0; cpu < memory.Length; cpu++)
            {
                // What runs may be a thread of the kernel's, which has no areas.
                if (memory[cpu][3] == "0x0")
                {
                    continue;
                }

                string[][] areas = Rows(
                    dump.Kernel, $"tree -t maple -r mm_struct.mm_mt -s vm_area_struct.vm_start,vm_end {memory[cpu][3]}");
                Assert.Equal(count[cpu][3], areas.Length.ToString(CultureInfo.InvariantCulture));
                foreach (string[] area in areas)
                {
                    // The last address of a range, and one past it.
                    Assert.Equal(Convert.ToUInt64(area[0], 16), ulong.Parse(area[3], CultureInfo.InvariantCulture));
                    Assert.Equal(Convert.ToUInt64(area[1], 16) + 1, ulong.Parse(area[4], CultureInfo.InvariantCulture));
                }

                compared++;
            }

            Assert.NotEqual(0, compared);
        }
    }

    [GeneratedRegex("^ *[0-9a-f]+:  [0-9a-f]+( [0-9a-f]+)* ")]
    private static partial Regex ReadLine();

    [GeneratedRegex(@"\$\d+ = (.*)$")]
    private static partial Regex ValueLine();

    [GeneratedRegex(@"^ +\[(\d+)\] .*?(\w+);$")]
    private static partial Regex OffsetLine();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    // gdb calls the basic types as people do, BTF as the compiler does.
    private static string Plain(string text) => Blanks().Replace(text, " ")
        .Replace("long long unsigned int", "unsigned long long", StringComparison.Ordinal)
        .Replace("long unsigned int", "unsigned long", StringComparison.Ordinal)
        .Replace("short unsigned int", "unsigned short", StringComparison.Ordinal)
        .Replace("long long int", "long long", StringComparison.Ordinal)
        .Replace("long int", "long", StringComparison.Ordinal)
        .Replace("short int", "short", StringComparison.Ordinal)
        .Replace("_Bool", "bool", StringComparison.Ordinal)
        .TrimEnd(';');

    private static string Number(string text)
    {
        string last = text.Split(' ').First(word => char.IsAsciiDigit(word[0]) || word[0] == '-');
        return last.StartsWith("0x", StringComparison.Ordinal) ? $"{Convert.ToUInt64(last, 16)}" : last;
    }

    private static string[][] Rows(CrashedKernel kernel, string command)
    {
        string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(InspectCommands.TryFind(words[0], out InspectCommand? found), command);
        Table table = found.Run(new InspectSession(kernel), words[1..])[0];
        return [.. table.Rows.Select(row => row.Select((cell, i) => cell.ToText(table.Columns[i].Kind)).ToArray())];
    }
}
