using System.Globalization;
using System.Text.RegularExpressions;
using Lifeboat.Kernel.Stacks;
using Lifeboat.Kernel.Tasks;
using Lifeboat.Symbols.Unwinding;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Kernel.Tests.RealDumps;

/// <summary>A panicked arm64 guest with pointer authentication, as QEMU dumped it, against what its kernel printed.</summary>
public sealed partial class Arm64StackTests
{
    [Fact]
    public void The_stack_of_the_task_that_crashed_is_the_kernel_s_own_trace()
    {
        using CrashDump dump = Open();
        string[] console = Console();
        string[] trace = [.. console.SkipWhile(static line => !line.Contains("Call trace:", StringComparison.Ordinal)).Skip(1)
            .Select(static line => Place().Match(line).Value).TakeWhile(static place => place.Length > 0)];
        TaskStack stack = dump.Kernel.CrashedTask!.Stack!;
        Assert.True(stack.End.IsWhole, stack.End.Text);
        Assert.Equal(StackEndReason.UserMode, stack.End.Reason);
        string[] ours = [.. stack.Frames.Select(static frame => frame.ToString())];
        int from = Array.FindIndex(trace, static place => place.StartsWith("sysrq_handle_crash+", StringComparison.Ordinal));
        Assert.InRange(from, 1, trace.Length - 5);
        Assert.Equal(trace[from..], ours[^(trace.Length - from)..]);
        Assert.StartsWith("panic+", ours[^(trace.Length - from + 1)], StringComparison.Ordinal);
    }

    [Fact]
    public void Stacks_of_waiting_tasks_are_what_the_kernel_says_of_them()
    {
        using CrashDump dump = Open();
        var tasks = dump.Kernel.Tasks.Where(static task => task.Pid > 0).ToDictionary(static task => task.Pid!.Value);
        int same = 0;
        var different = new List<string>();
        foreach ((int pid, string[] truth) in TrueStacks())
        {
            if (!tasks.TryGetValue(pid, out KernelTask? task) || task.Stack is not { Cpu: null } stack)
            {
                continue;
            }

            // The kernel leaves out the scheduler's own functions.
            string[] ours = [.. stack.Frames.Select(static frame => frame.ToString())];
            Assert.True(stack.End.IsWhole, $"{pid}: {stack.End.Text}");
            if (ours.Length >= truth.Length && ours.AsSpan(ours.Length - truth.Length).SequenceEqual(truth))
            {
                same++;
            }
            else
            {
                different.Add($"{task.Name}: {string.Join(' ', ours)}, not {string.Join(' ', truth)}");
            }
        }

        // Workers went on between the printing and the crash.
        Assert.True(same > 40 && different.Count < 5, $"{same} are the same, but:\n{string.Join('\n', different)}");
    }

    [Fact]
    public void A_CPU_that_was_stopped_leads_over_its_interrupt_stack_to_what_it_was_doing()
    {
        using CrashDump dump = Open();
        CrashedKernel kernel = dump.Kernel;

        // It is not among those online: it was stopped by the panic, in an interrupt.
        TaskStack other = kernel.StackOfCpu(1 - kernel.CrashedCpu!.Value)!;
        Assert.True(other.End.IsWhole, other.End.Text);
        Assert.Contains(other.Frames, static frame => frame.Frame.Stack?.Kind == KernelStackKind.Interrupt);
        Assert.Contains(other.Frames, static frame => frame.ToString().Contains("cpu_stop", StringComparison.Ordinal));
        Assert.Contains(other.Frames, static frame => frame.ToString().StartsWith("gic_handle_irq+", StringComparison.Ordinal));
    }

    private static IEnumerable<(int Pid, string[] Frames)> TrueStacks()
    {
        int pid = 0;
        var frames = new List<string>();
        foreach (string line in Console().SkipWhile(static line => line != "guest: BEGIN STACKS").Skip(1))
        {
            if (line.StartsWith("[<0>] ", StringComparison.Ordinal))
            {
                frames.Add(line[6..]);
                continue;
            }

            if (frames.Count > 0 && frames[0] != "0x0")
            {
                yield return (pid, [.. frames]);
            }

            frames.Clear();
            if (line == "guest: END STACKS")
            {
                yield break;
            }

            if (line.StartsWith("task ", StringComparison.Ordinal))
            {
                pid = int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
            }
        }
    }

    private static CrashDump Open() => CrashDump.Open(TestDumps.RequireArm64("crashed"));

    private static string[] Console() => File.ReadAllLines(TestDumps.RequireArm64("crashed.console"));

    [GeneratedRegex(@"[\w.]+\+0x[0-9a-f]+/0x[0-9a-f]+( \[\w+\])?")]
    private static partial Regex Place();
}
