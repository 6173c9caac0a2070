using System.Globalization;
using Lifeboat.Symbols.Unwinding;
using Lifeboat.TestSupport;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Symbols.Tests.RealDumps;

public sealed class StackOracleTests(ITestOutputHelper output)
{
    private const ulong KernelHalf = 1UL << 63;

    // Every task, and what runs on every CPU, which may be an idle task: address, then a line for each frame that is no
    // inlined one. drgn goes by DWARF where there is some, so it is another way to the same frames.
    private const string Script = """
        import sys
        from drgn import Program
        from drgn.helpers.linux import for_each_task, for_each_online_cpu, per_cpu
        prog = Program()
        prog.set_core_dump(sys.argv[1])
        try:
            prog.load_debug_info([sys.argv[2]])
        except Exception:
            pass
        tasks = {task.value_(): task for task in for_each_task(prog)}
        for cpu in for_each_online_cpu(prog):
            task = per_cpu(prog['runqueues'], cpu).curr
            tasks[task.value_()] = task
        for address, task in tasks.items():
            print('task %x %d' % (address, task.pid))
            for frame in prog.stack_trace(task):
                if frame.is_inline:
                    continue
                try:
                    symbol = frame.symbol()
                    name = '%s+0x%x' % (symbol.name, frame.pc - symbol.address)
                except LookupError:
                    name = '?'
                print('frame %x %x %d %s' % (frame.pc, frame.register('rsp'), frame.interrupted, name))
        """;

    [Fact]
    public void Every_stack_has_the_frames_that_drgn_finds_with_debuginfo()
    {
        Tools.Require(Tools.Drgn);
        using var kernel = RealKernel.OpenWithDebugInfo();
        using var folder = new TemporaryFolder();
        var tasks = new RealTasks(kernel);
        string answer = Tools.Run("/usr/bin/python3", "-c", Script, kernel.Path, kernel.Vmlinux!);
        var expected = new Dictionary<ulong, List<string[]>>();
        foreach (string line in answer.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = line.Split(' ');
            ulong number = ulong.Parse(words[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (words[0] == "task")
            {
                expected.Add(number, []);
            }
            else
            {
                expected.Last().Value.Add(words);
            }
        }

        Assert.Superset(tasks.All().ToHashSet(), expected.Keys.ToHashSet());
        int frames = 0;
        int agreed = 0;
        foreach ((ulong task, List<string[]> wanted) in expected)
        {
            StackTrace trace = tasks.Unwind(task);
            bool isUser = wanted.Count > 0 && wanted[^1][1].Length < 16;
            List<string> theirs = [.. wanted.SkipLast(isUser ? 1 : 0).Select(words => $"{words[1]} {words[2]} {words[3]} {words[4]}")];
            List<string> ours = [.. trace.Frames.Select(frame => string.Create(
                CultureInfo.InvariantCulture,
                $"{frame.InstructionPointer.Value:x} {frame.StackPointer.Value:x} {(frame.IsInterrupted ? 1 : 0)} {Plain(tasks.Namer.Name(frame))}"))];
            frames += theirs.Count;
            agreed += theirs.SequenceEqual(ours, StringComparer.Ordinal) ? 1 : 0;
            if (!theirs.SequenceEqual(ours, StringComparer.Ordinal))
            {
                output.WriteLine($"{task:x} {trace.End.Text}\n  drgn:\n    {string.Join("\n    ", theirs)}\n  ours:\n    {string.Join("\n    ", ours)}");
            }

            Assert.Equal(isUser ? StackEndReason.UserMode : StackEndReason.EndOfStack, trace.End.Reason);
        }

        output.WriteLine($"{agreed} of {expected.Count} tasks agree, {frames} frames");
        Assert.Equal(expected.Count, agreed);
        Assert.InRange(frames, 100, 100_000);
    }

    [Fact]
    public void Every_stack_of_every_kernel_is_whole_and_nothing_is_guessed()
    {
        foreach (RealKernel kernel in RealKernel.OpenAll().Where(kernel => kernel.Path.EndsWith(".elf", StringComparison.Ordinal)))
        {
            var tasks = new RealTasks(kernel);
            output.WriteLine($"{kernel.Path}: {tasks.Table.Format} by {tasks.Table.Evidence}, {tasks.Table.Count} entries, "
                + $"{tasks.Table.Modules.Count} modules, {tasks.Cpus} CPUs");
            Assert.Null(tasks.Table.ModuleDamage);
            int seen = 0;
            var all = tasks.All().ToList();
            for (int cpu = 0; cpu < tasks.Cpus; cpu++)
            {
                all.Add(tasks.CurrentOf(cpu));
            }

            foreach (ulong task in all)
            {
                StackTrace trace = tasks.Unwind(task);
                string text = string.Join('\n', trace.Frames.Select(frame => $"{tasks.Namer.Name(frame)} {frame}"));
                Assert.True(trace.End.IsWhole, $"{kernel.Path} {task:x}: {trace.End.Text}\n{text}");
                Assert.All(trace.Frames, frame => Assert.False(frame.IsGuess, text));
                Assert.All(trace.Frames, frame => Assert.NotNull(frame.Stack));
                seen += trace.Frames.Count;
            }

            output.WriteLine($"  {all.Count} tasks, {seen} frames");
            Assert.InRange(seen, 100, 100_000);
        }
    }

    private static string Plain(FrameName name) => name.Symbol is null ? "?" : $"{name.Symbol.Name}+0x{name.Offset.Value:x}";
}
