using System.Globalization;
using System.Text.RegularExpressions;
using Lifeboat.Kernel.Block;
using Lifeboat.Kernel.Interrupts;
using Lifeboat.Kernel.Ipc;
using Lifeboat.Kernel.Net;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Kernel.Tasks;
using Lifeboat.Kernel.Time;
using Lifeboat.Kernel.Waiting;
using Lifeboat.TestSupport;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Kernel.Tests.RealDumps;

/// <summary>Interrupts, timers, devices, IPC and waiting tasks as /proc of the guest itself told them.</summary>
public sealed partial class MachineTruthTests(ITestOutputHelper output)
{
    // While the record is written to the disk interrupts go on: as many as this at most.
    private const ulong MostSince = 5000;

    // Timers of ticks and watchdogs are set anew meanwhile; those that sleepers set are of a million seconds.
    private const long FarAway = 100_000_000_000_000;

    [Fact]
    public void Interrupts_have_their_chips_handlers_and_counts()
    {
        foreach ((string path, TruthFiles truth) in TruthFiles.Require(TestDumps.Find(".elf")))
        {
            using var dump = CrashDump.Open(path);
            KernelWalk<InterruptLine> lines = dump.Kernel.Interrupts;
            var found = lines.ToDictionary(line => line.Number!.Value);
            int compared = 0;
            foreach (string[] row in truth.Rows("interrupts").Where(row => char.IsAsciiDigit(row[0][0])))
            {
                InterruptLine line = found[ulong.Parse(row[0].TrimEnd(':'), CultureInfo.InvariantCulture)];
                Assert.Equal(
                    string.Join(' ', row[3..]),
                    $"{line.Chip} {line.HardwareNumber}-{line.Flow} {string.Join(", ", line.Actions.Select(action => action.Name))}");
                AssertCounts(row[1..3], line.CountOn);
                Assert.All(line.Actions, action => Assert.True(dump.Kernel.Names.TryFind(action.Handler!.Value, out _)));
                compared++;
            }

            Assert.Equal(WalkEnd.Complete, lines.End);
            Assert.InRange(compared, 6, 100);
            string[][] soft = [.. truth.Rows("softirqs")];
            Assert.Equal(soft.Length, dump.Kernel.SoftInterrupts.Count);
            foreach ((string[] row, SoftInterrupt kind) in soft.Zip(dump.Kernel.SoftInterrupts))
            {
                Assert.Equal(row[0], kind.Name + ":");
                AssertCounts(row[1..3], kind.CountOn);
            }
        }
    }

    [Fact]
    public void Timers_far_away_are_those_that_the_kernel_listed()
    {
        foreach ((string path, TruthFiles truth) in TruthFiles.Require(TestDumps.Find(".elf")))
        {
            using var dump = CrashDump.Open(path);
            KernelWalk<HighResolutionTimer> timers = dump.Kernel.HighResolutionTimers;
            string[] found =
            [
                .. timers.Where(timer => timer.SoftExpires > FarAway).Select(timer =>
                    $"{timer.Cpu} {NameOf(dump.Kernel, timer)} {timer.SoftExpires}-{timer.Expires}").Order(StringComparer.Ordinal),
            ];
            Assert.Equal(WalkEnd.Complete, timers.End);
            Assert.Equal(Listed(truth).Order(StringComparer.Ordinal), found);
            Assert.InRange(found.Length, 2, 1000);

            // Each CPU that is not idle has its tick.
            int[] ticking =
                [.. timers.Where(timer => NameOf(dump.Kernel, timer) is "tick_sched_timer" or "tick_nohz_handler").Select(timer => timer.Cpu)];
            Assert.NotEmpty(ticking);
            Assert.Equal(dump.Kernel.OnlineCpus.Where(ticking.Contains), ticking);
            ulong saved = ulong.Parse(truth.Lines("timer_list").First(line => line.StartsWith("jiffies:", StringComparison.Ordinal))[9..], CultureInfo.InvariantCulture);
            Assert.True(dump.Kernel.TryFindGlobal("jiffies", out KernelObject? jiffies));
            Assert.InRange(jiffies.Unsigned!.Value, saved, saved + MostSince);

            // None of a wheel is late by more than a tick or two, and those of the tick are on the CPU that has them.
            WheelTimer[] wheels = [.. dump.Kernel.Timers];
            Assert.InRange(wheels.Length, 10, 10_000);
            Assert.All(wheels, timer => Assert.True(dump.Kernel.Names.TryFind(timer.Function!.Value, out _)));
        }
    }

    [Fact]
    public void Devices_disks_and_network_are_those_that_the_kernel_listed()
    {
        foreach ((string path, TruthFiles truth) in TruthFiles.Require(TestDumps.Find(".elf")))
        {
            using var dump = CrashDump.Open(path);
            CrashedKernel kernel = dump.Kernel;
            IReadOnlyList<string> devices = truth.Lines("devices");
            int middle = devices.ToList().IndexOf("Block devices:");
            Assert.Equal(
                devices.Take(middle).Skip(1).Select(line => line.Trim()).Distinct().Order(StringComparer.Ordinal),
                kernel.CharacterDevices.Select(Show).Distinct().Order(StringComparer.Ordinal));
            Assert.Equal(
                devices.Skip(middle + 1).Select(line => line.Trim()).Order(StringComparer.Ordinal),
                kernel.BlockDevices.Select(Show).Order(StringComparer.Ordinal));
            Assert.Equal(
                truth.Rows("partitions").Select(row => string.Join(' ', row)),
                kernel.Disks.Select(disk => $"{disk.Major} {disk.Minor} {disk.Size!.Value.Value / 1024} {disk.Name}"));
            Assert.All(kernel.Disks, disk => Assert.InRange(disk.RequestsInFlight.Count(), 0, 1000));
            NetNamespace network = kernel.Network!;
            Assert.Equal(
                truth.Rows("net/dev", headings: 2).Select(row => row[0].TrimEnd(':')), network.Devices.Select(device => device.Name));
            Assert.Equal(
                truth.Rows("net/if_inet6", headings: 0).Select(row => $"{HexAddress.ToPlainText(row[0])}/{Convert.ToInt32(row[2], 16)} {row[5]}"),
                network.Devices.SelectMany(device => device.Addresses.Where(address => address.Contains(':', StringComparison.Ordinal))
                    .Select(address => $"{address} {device.Name}")));
            IReadOnlyDictionary<string, string> cpu = truth.Fields("cpuinfo");
            string[] model = [.. truth.Lines("cpuinfo").Where(line => line.StartsWith("model name", StringComparison.Ordinal))];
            Assert.Equal(model[0][(model[0].IndexOf(':', StringComparison.Ordinal) + 2)..], kernel.Machine.CpuModel);
            Assert.NotEmpty(cpu);
        }
    }

    [Fact]
    public void Shared_memory_semaphores_and_messages_are_those_that_the_kernel_listed()
    {
        foreach ((string path, TruthFiles truth) in TruthFiles.Require(TestDumps.Find(".elf")))
        {
            using var dump = CrashDump.Open(path);
            IpcNamespace space = dump.Kernel.Ipc!;
            Assert.Equal(
                truth.Rows("sysvipc/shm").Select(row => $"{row[0]} {row[1]} {row[2]} {row[3]} {row[6]} {row[7]}"),
                space.SharedMemory.Select(item => $"{Show(item)} {item.Size!.Value.Value} {item.Attached} {item.Owner}"));
            Assert.Equal(
                truth.Rows("sysvipc/sem").Select(row => $"{row[0]} {row[1]} {row[2]} {row[3]} {row[4]}"),
                space.Semaphores.Select(item => $"{Show(item)} {item.Count} {item.Owner}"));
            Assert.Equal(
                truth.Rows("sysvipc/msg").Select(row => $"{row[0]} {row[1]} {row[2]} {row[3]} {row[4]} {row[7]}"),
                space.Messages.Select(item => $"{Show(item)} {item.Used!.Value.Value} {item.Messages} {item.Owner}"));
        }
    }

    [Fact]
    public void Waiting_tasks_wait_in_the_function_that_the_kernel_named()
    {
        foreach ((string path, TruthFiles truth) in TruthFiles.Require(TestDumps.Find(".elf")))
        {
            using var dump = CrashDump.Open(path);
            Dictionary<int, TruthTask> saved = truth.Tasks.ToDictionary(task => task.Pid);
            int compared = 0;
            foreach (KernelTask task in dump.Kernel.Tasks)
            {
                // One that has run since may wait elsewhere; one that runs now does not wait, and is counted only when it stops.
                if (task.Pid is not > 0 || task.IsOnCpu == true || !saved.TryGetValue((int)task.Pid, out TruthTask? expected)
                    || task.Object["nvcsw"].Signed + task.Object["nivcsw"].Signed != expected.Switches
                    || !truth.TryRead($"{task.ProcessId}/task/{task.Pid}/wchan", out string? function) || function == "0")
                {
                    continue;
                }

                Assert.Equal($"{truth.Release} {task} {function}", $"{truth.Release} {task} {task.Wait?.Function}");
                compared++;
            }

            // 5.10 as Debian builds it names none.
            output.WriteLine($"{truth.Release}: {compared} waiting tasks compared, none differs");
            Assert.InRange(compared, truth.Release.StartsWith("5.10.", StringComparison.Ordinal) ? 0 : 60, 1000);
        }
    }

    [Fact]
    public void A_queue_that_a_task_was_found_to_wait_in_has_it()
    {
        IReadOnlyList<string> dumps = TestDumps.Find(".elf");
        Assert.SkipWhen(dumps.Count == 0, "LIFEBOAT_TEST_DUMPS names no folder with dumps");
        foreach (string path in dumps)
        {
            using var dump = CrashDump.Open(path);
            CrashedKernel kernel = dump.Kernel;
            int found = 0;
            foreach (KernelTask task in kernel.Tasks)
            {
                if (task.Wait is { Kind: WaitKind.WaitQueue, Address: { } place })
                {
                    WaitQueue queue = kernel.WaitQueueOf(kernel.Object(kernel.Type("struct wait_queue_head"), place));
                    Assert.Contains(queue.Waiters, waiter => waiter.Task?.Address == task.Address);
                    found++;
                }
            }

            output.WriteLine($"{Path.GetFileName(path)}: {found} tasks wait in queues");
            Assert.InRange(found, 2, 1000);
        }
    }

    [GeneratedRegex(@"^ # expires at (\d+-\d+) nsecs")]
    private static partial Regex Expiry();

    private static IEnumerable<string> Listed(TruthFiles truth)
    {
        (string cpu, string function) = ("", "");
        foreach (string line in truth.Lines("timer_list"))
        {
            if (line.StartsWith("cpu: ", StringComparison.Ordinal))
            {
                cpu = line[5..];
            }
            else if (line.StartsWith(" #", StringComparison.Ordinal) && line.Contains(">, ", StringComparison.Ordinal))
            {
                function = line.Split(", ")[1];
            }
            else if (Expiry().Match(line) is { Success: true } match
                && long.Parse(match.Groups[1].Value.Split('-')[0], CultureInfo.InvariantCulture) > FarAway)
            {
                yield return $"{cpu} {function} {match.Groups[1].Value}";
            }
        }
    }

    private static string? NameOf(CrashedKernel kernel, HighResolutionTimer timer) =>
        kernel.Names.TryFind(timer.Function!.Value, out SymbolPlace? place) ? place.Symbol.Name : null;

    private static void AssertCounts(string[] saved, Func<int, ulong?> count)
    {
        for (int cpu = 0; cpu < saved.Length; cpu++)
        {
            ulong before = ulong.Parse(saved[cpu], CultureInfo.InvariantCulture);
            Assert.InRange(count(cpu)!.Value, before, before + MostSince);
        }
    }

    private static string Show(DeviceNumber number) => $"{number.Major} {number.Name}";

    private static string Show(IpcObject item) => $"{item.Key} {item.Id} {Convert.ToString((long)item.Mode!, 8)}";
}
