using System.Globalization;
using Lifeboat.Core.Memory;
using Lifeboat.Symbols.Unwinding;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Symbols.Tests.RealDumps;

public sealed class StackOracleTests(ITestOutputHelper output)
{
    private const ulong KernelHalf = 1UL << 63;

    // Every task, and the CPUs' idle tasks, which are in no list: address, then a line for each frame that is no inlined one. drgn goes by DWARF where there is some, so it is another way to the same frames.
    private const string Script = """
        import sys
        from drgn import Program
        from drgn.helpers.linux import for_each_task, for_each_online_cpu, per_cpu
        prog = Program()
        prog.set_core_dump(sys.argv[1])
        try:
            prog.load_debug_info(sys.argv[2:])
        except Exception:
            pass
        tasks = {task.value_(): task for task in for_each_task(prog)}
        for cpu in for_each_online_cpu(prog):
            for task in (per_cpu(prog['runqueues'], cpu).curr, per_cpu(prog['runqueues'], cpu).idle):
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
        var tasks = new RealTasks(kernel);
        string answer = Tools.Run("/usr/bin/python3", ["-c", Script, kernel.Path, .. DebugFiles(kernel)]);
        var expected = new Dictionary<ulong, List<string[]>>();
        foreach (string line in answer.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = line.Split(' ');
            if (words[0] == "task")
            {
                expected.Add(Number(words[1]), []);
            }
            else
            {
                expected.Last().Value.Add(words);
            }
        }

        Assert.Superset(tasks.All().ToHashSet(), expected.Keys.ToHashSet());
        int frames = 0;
        int ours = 0;
        int cutShort = 0;
        int freed = 0;
        foreach ((ulong task, List<string[]> wanted) in expected)
        {
            // drgn reads on where a stack was freed; whose calls those are is not known.
            if (!tasks.HasStack(task))
            {
                freed++;
                continue;
            }

            StackTrace trace = tasks.Unwind(task);
            string text = $"{task:x}: {trace.End.Text}\n{string.Join('\n', trace.Frames.Select(tasks.Namer.Name))}\n\n"
                + string.Join('\n', wanted.Select(words => string.Join(' ', words)));
            Assert.True(trace.End.IsWhole, text);
            int reached = wanted.TakeWhile(words => Number(words[1]) >= KernelHalf).Count();

            // Of a module drgn has nothing to unwind by here: it guesses by the frame pointer, or stops.
            int module = wanted.FindIndex(words => tasks.Table.Modules.Any(code => code.Holds(Address(words[1]))));
            bool isCutShort = module >= 0 && module + 1 != trace.Frames.Count && !HasModuleInfo(kernel);
            int compared = isCutShort ? module + 1 : reached;
            cutShort += isCutShort ? 1 : 0;
            frames += compared;
            ours += trace.Frames.Count;
            for (int i = 0; i < compared; i++)
            {
                Assert.True(i < trace.Frames.Count, text);
                StackFrame frame = trace.Frames[i];
                Assert.True(
                    (frame.InstructionPointer, frame.StackPointer, frame.IsInterrupted)
                    == (Address(wanted[i][1]), Address(wanted[i][2]), wanted[i][3] == "1"), text);
                Assert.True(IsName(kernel, tasks.Namer.Name(frame), wanted[i][4]), text);
            }

            if (!isCutShort)
            {
                Assert.True(compared == trace.Frames.Count, text);
                Assert.True((reached < wanted.Count) == (trace.End.Reason == StackEndReason.UserMode), text);
                Assert.True(reached == wanted.Count || trace.UserRegisters!.InstructionPointer == Address(wanted[reached][1]), text);
            }
        }

        output.WriteLine($"{expected.Count} tasks, {frames} of {ours} frames compared; drgn stops in a module in {cutShort}; {freed} freed");
        Assert.InRange(freed, 0, expected.Count / 20);
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
                all.Add(tasks.IdleOf(cpu));
            }

            foreach (ulong task in all.Where(tasks.HasStack))
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

    [Fact]
    public void The_stacks_of_every_cpu_are_mapped_and_what_lies_around_them_is_not()
    {
        foreach (RealKernel kernel in RealKernel.OpenAll().Where(kernel => kernel.Path.EndsWith(".elf", StringComparison.Ordinal)))
        {
            var tasks = new RealTasks(kernel);
            for (int cpu = 0; cpu < tasks.Cpus; cpu++)
            {
                IReadOnlyList<KernelStack> stacks = tasks.Stacks.OfCpu(cpu);
                Assert.Superset(
                    new[] { "IRQ", "DF", "NMI", "DB", "MCE", "entry" }.Select(name => $"{name} of CPU {cpu}").ToHashSet(StringComparer.Ordinal),
                    stacks.Select(stack => stack.Name).ToHashSet(StringComparer.Ordinal));
                foreach (KernelStack stack in stacks.Where(stack => !stack.Name.StartsWith("VC", StringComparison.Ordinal)))
                {
                    byte[] bytes = new byte[stack.Size.Value];
                    Assert.True(kernel.Space.Read(stack.Start, bytes, out MemoryFault fault) == bytes.Length, $"{kernel.Path} {stack}: {fault}");
                    if (stack.Kind != KernelStackKind.Entry)
                    {
                        Assert.False(kernel.Space.TryTranslate(stack.Start - new ByteCount(1), out _, out _, out _), $"{stack}");
                        Assert.False(kernel.Space.TryTranslate(stack.End, out _, out _, out _), $"{stack}");
                    }
                }
            }

            Assert.Empty(tasks.Stacks.OfCpu(tasks.Cpus + 1000));
        }
    }

    // At a panic the other CPUs are stopped by an NMI, whose frames are there still: on a stack of its own, or, where it came
    // from user mode, on the task's. From them one must come to what it interrupted, which is what the CPU's note says.
    [Fact]
    public void The_nmi_that_stopped_a_cpu_leads_to_what_its_note_says()
    {
        int found = 0;
        foreach (RealKernel kernel in RealKernel.OpenAll().Where(kernel => kernel.Path.EndsWith(".elf", StringComparison.Ordinal)))
        {
            var tasks = new RealTasks(kernel);
            for (int cpu = 0; cpu < tasks.Cpus; cpu++)
            {
                ulong task = tasks.CurrentOf(cpu);
                StackTrace noted = tasks.Unwind(task, cpu);
                KernelStacks stacks = new KernelStacks(tasks.Stacks.OfCpu(cpu)).With(tasks.Stacks.OfTask(new VirtualAddress(task)));
                foreach (KernelStack stack in stacks.All.Where(stack => stack.Name == $"NMI of CPU {cpu}" || stack.Kind == KernelStackKind.Task))
                {
                    foreach (StackTrace trace in FromNmi(kernel, tasks, stacks, stack))
                    {
                        int entry = trace.Frames.ToList().FindLastIndex(
                            frame => $"{tasks.Namer.Name(frame)}".StartsWith("exc_nmi", StringComparison.Ordinal)) + 1;
                        output.WriteLine($"{kernel.Path}: CPU {cpu}, {string.Join(", ", trace.Frames.Select(tasks.Namer.Name))}; {trace.End.Text}");
                        Assert.Equal(noted.End.Reason, trace.End.Reason);
                        Assert.All(trace.Frames, frame => Assert.False(frame.IsGuess));
                        Assert.Equal(
                            noted.Frames.Select(frame => (frame.InstructionPointer, frame.StackPointer, frame.IsInterrupted)),
                            trace.Frames.Skip(entry + 1).Select(frame => (frame.InstructionPointer, frame.StackPointer, frame.IsInterrupted)));
                        for (X64Register register = X64Register.R15; register <= X64Register.Ss && noted.UserRegisters is not null; register++)
                        {
                            Assert.Equal((register, noted.UserRegisters[register]), (register, trace.UserRegisters![register]));
                        }

                        found++;
                    }
                }
            }
        }

        Assert.SkipWhen(found == 0, "no CPU of these dumps was stopped by an NMI");
    }

    /// <summary>From the innermost function of an NMI's that is found on a stack.</summary>
    private static IEnumerable<StackTrace> FromNmi(RealKernel kernel, RealTasks tasks, KernelStacks stacks, KernelStack stack)
    {
        byte[] bytes = new byte[stack.Size.Value];
        Assert.Equal(bytes.Length, kernel.Space.Read(stack.Start, bytes, out _));
        for (int at = 0; at < bytes.Length; at += 8)
        {
            ulong ip = BitConverter.ToUInt64(bytes, at);
            if (kernel.Symbols.TryFind(new VirtualAddress(ip), out KernelSymbol? symbol, out _)
                && (symbol.Name.StartsWith("nmi_handle", StringComparison.Ordinal) || symbol.Name is "default_do_nmi" or "exc_nmi"))
            {
                ulong sp = stack.Start.Value + (ulong)at + 8;
                yield return tasks.Unwinder.Unwind(X64Registers.None.With(X64Register.Rip, ip).With(X64Register.Rsp, sp), stacks);
                yield break;
            }
        }
    }

    // Of symbols that lie within each other (entry_SYSCALL_64_after_hwframe in entry_SYSCALL_64) drgn takes the largest,
    // the kernel and this program the nearest.
    private static bool IsName(RealKernel kernel, FrameName ours, string theirs)
    {
        if (ours.Symbol is null || theirs == "?")
        {
            return ours.Module is not null;
        }

        int plus = theirs.LastIndexOf('+');
        ulong offset = Number(theirs[(plus + 3)..]);
        return $"{ours.Symbol.Name}+0x{ours.Offset.Value:x}" == theirs
            || kernel.Symbols.FindAll(theirs[..plus]).Any(symbol => symbol.Address.Value + offset == ours.Address.Value);
    }

    private static string ModuleFolder(RealKernel kernel) =>
        $"{kernel.Vmlinux![..kernel.Vmlinux!.IndexOf("/boot/", StringComparison.Ordinal)]}/lib/modules";

    private static bool HasModuleInfo(RealKernel kernel) => Directory.Exists(ModuleFolder(kernel));

    private static IEnumerable<string> DebugFiles(RealKernel kernel) => HasModuleInfo(kernel)
        ? [kernel.Vmlinux!, .. Directory.GetFiles(ModuleFolder(kernel), "*.ko*", SearchOption.AllDirectories)]
        : [kernel.Vmlinux!];

    private static VirtualAddress Address(string hex) => new(Number(hex));

    private static ulong Number(string hex) =>
        ulong.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
