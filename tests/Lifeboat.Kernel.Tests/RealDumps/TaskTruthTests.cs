using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Stacks;
using Lifeboat.Kernel.Tasks;
using Lifeboat.Symbols.Unwinding;
using Lifeboat.TestSupport;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Kernel.Tests.RealDumps;

/// <summary>Tasks and their stacks as /proc of the guest itself told them.</summary>
/// <remarks>
/// Between the record and the crash the guest writes the record to its disk. A task that ran meanwhile shows it: it has been
/// switched to more often than the record says, and then its state and its stack may be others.
/// </remarks>
public sealed class TaskTruthTests(ITestOutputHelper output)
{
    private const int LongestName = 15; // TASK_COMM_LEN without its NUL
    private const string Worker = "kworker/";
    private const int KernelThreads = 2; // kthreadd, their parent
    private const int MostEnded = 2;

    [Fact]
    public void Every_task_is_there_with_its_parent_name_and_state()
    {
        foreach ((string path, TruthFiles truth) in Dumps())
        {
            using var dump = CrashDump.Open(path);
            Dictionary<long, KernelTask> found = Tasks(dump);
            (int states, int ran, int ended) = (0, 0, 0);
            foreach (TruthTask expected in truth.Tasks)
            {
                // Threads of the kernel may end meanwhile: workers, and those of a file system that has come to rest.
                bool mayEnd = IsWorker(expected.Name) || expected.ParentId == KernelThreads;
                Assert.True(found.Remove(expected.Pid, out KernelTask? task) || mayEnd, $"{Path.GetFileName(path)}: {expected}");
                if (task is null)
                {
                    ended += IsWorker(expected.Name) ? 0 : 1;
                    continue;
                }

                string text = $"{Path.GetFileName(path)}: {task} {task.State}, {expected}";
                Assert.True((expected.ProcessId, expected.ParentId) == (task.ProcessId, task.ParentId), text);
                Assert.True(IsName(task, expected.Name), text);
                if (HasRunSince(task, expected))
                {
                    ran++;
                }
                else
                {
                    Assert.True(expected.State == TaskStates.LetterOf(task.State!.Value), text);
                    states++;
                }
            }

            // Only the kernel's workers come and go while nothing is started.
            Assert.All(found.Values, task => Assert.True(IsWorker(task.Name!), $"{Path.GetFileName(path)}: {task}"));
            output.WriteLine($"{Path.GetFileName(path)}: {truth.Tasks.Count} tasks compared, none differs; {states} states, {ran} ran since; {found.Count} new");
            Assert.InRange(states, 60, 1000);
            Assert.InRange(ended, 0, MostEnded);
        }
    }

    [Fact]
    public void Every_process_has_the_resident_memory_that_its_kernel_counted()
    {
        foreach ((string path, TruthFiles truth) in Dumps())
        {
            using var dump = CrashDump.Open(path);
            Dictionary<long, KernelTask> found = Tasks(dump);
            int compared = 0;
            foreach (TruthTask expected in truth.Tasks.Where(task => task is { ResidentKiB: not null, ProcessId: not 1 }))
            {
                // From 6.2 on status leaves out what CPUs have not added up yet; the page tables have it all.
                long resident = found[expected.Pid].ResidentPages!.Value * (Pfn.PageSize >> 10);
                Assert.True(resident == expected.ResidentKiB || resident == expected.CountedKiB, $"{Path.GetFileName(path)}: {resident}, {expected}");
                compared++;
            }

            Assert.All(
                truth.Tasks.Where(task => task.ResidentKiB is null && found.ContainsKey(task.Pid)),
                task => Assert.True(found[task.Pid].ResidentPages is null or 0, $"{task}"));
            output.WriteLine($"{Path.GetFileName(path)}: {compared} resident sizes compared, none differs");
            Assert.InRange(compared, 40, 1000);
        }
    }

    [Fact]
    public void Every_blocked_task_has_the_stack_that_its_kernel_unwound()
    {
        foreach ((string path, TruthFiles truth) in Dumps())
        {
            using var dump = CrashDump.Open(path);
            Dictionary<long, KernelTask> found = Tasks(dump);
            Assert.True(dump.Kernel.Symbols.TryFindAddress("__sched_text_start", out VirtualAddress start));
            Assert.True(dump.Kernel.Symbols.TryFindAddress("__sched_text_end", out VirtualAddress end));
            var differing = new List<string>();
            (int stacks, int frames, int ran) = (0, 0, 0);
            foreach (TruthTask expected in truth.Tasks)
            {
                if (!found.TryGetValue(expected.Pid, out KernelTask? task) || task.IsOnCpu == true || HasRunSince(task, expected))
                {
                    ran++;
                    continue;
                }

                // The kernel leaves the scheduler's own functions out of what it tells.
                TaskStack stack = task.Stack!;
                Assert.True(stack.End.IsWhole || expected.State == 'Z', $"{Path.GetFileName(path)}: {task}: {stack.End.Text}");
                string[] ours = [.. stack.Frames
                    .Where(frame => frame.Frame.InstructionPointer.Value < start.Value || frame.Frame.InstructionPointer.Value >= end.Value)
                    .Select(static frame => $"{frame}")];
                stacks++;
                frames += expected.Stack.Count;
                if (!ours.SequenceEqual(expected.Stack))
                {
                    differing.Add($"{task}\n  {string.Join("\n  ", ours)}\n but\n  {string.Join("\n  ", expected.Stack)}");
                }
            }

            output.WriteLine($"{Path.GetFileName(path)}: {stacks} stacks of {frames} frames compared, {differing.Count} differ; {ran} ran since");
            Assert.True(differing.Count == 0, $"{Path.GetFileName(path)}: {string.Join('\n', differing)}");
            Assert.InRange(stacks, 60, 1000);
            Assert.InRange(ran, 1, 30);
        }
    }

    // /proc/PID/syscall: the call's number and six arguments, stack and instruction pointer; after an exception only these two.
    [Fact]
    public void Every_blocked_process_has_the_registers_that_its_program_called_the_kernel_with()
    {
        X64Register[] places =
        [
            X64Register.OriginalRax, X64Register.Rdi, X64Register.Rsi, X64Register.Rdx, X64Register.R10, X64Register.R8, X64Register.R9,
            X64Register.Rsp, X64Register.Rip,
        ];
        foreach ((string path, TruthFiles truth) in Dumps())
        {
            using var dump = CrashDump.Open(path);
            Dictionary<long, KernelTask> found = Tasks(dump);
            int compared = 0;
            foreach (TruthTask expected in truth.Tasks.Where(static task => task.ResidentKiB is not null))
            {
                KernelTask task = found[expected.Pid];
                string[] words = truth.Rows($"{expected.ProcessId}/task/{expected.Pid}/syscall", headings: 0)[0];
                if (HasRunSince(task, expected) || words[0] == "running")
                {
                    continue;
                }

                X64Registers? registers = task.Stack!.UserRegisters;
                Assert.True(registers is not null, $"{truth.Release}: {task}");
                string[] ours = [$"{(long)registers[X64Register.OriginalRax]!.Value}",
                    .. (words.Length > 3 ? places[1..] : places[^2..]).Select(register => $"0x{registers[register]:x}")];
                Assert.Equal(words, ours);
                compared++;
            }

            output.WriteLine($"{Path.GetFileName(path)}: {compared} system calls with their arguments compared, none differs");
            Assert.InRange(compared, 40, 1000);
        }
    }

    private static IReadOnlyList<(string Dump, TruthFiles Truth)> Dumps() =>
        TruthFiles.Require([.. TestDumps.Find(".elf"), .. TestDumps.Find(".filtered")]);

    private static Dictionary<long, KernelTask> Tasks(CrashDump dump) =>
        dump.Kernel.Tasks.Where(static task => task.Pid != 0).ToDictionary(static task => task.Pid!.Value);

    private static bool HasRunSince(KernelTask task, TruthTask expected) =>
        (long)(task.Object["nvcsw"].Unsigned!.Value + task.Object["nivcsw"].Unsigned!.Value) != expected.Switches || task.IsOnCpu == true;

    // /proc has what a worker works at behind its name, and the names of kernel threads in full.
    private static bool IsName(KernelTask task, string name) => name == task.Name
        || (IsWorker(task.Name!) && name.StartsWith(task.Name!, StringComparison.Ordinal) && name[task.Name!.Length] is '-' or '+')
        || (task.IsKernelThread == true && name.Length > LongestName && name[..LongestName] == task.Name);

    private static bool IsWorker(string name) => name.StartsWith(Worker, StringComparison.Ordinal);
}
