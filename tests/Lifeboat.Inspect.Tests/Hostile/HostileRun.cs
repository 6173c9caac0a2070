using System.Globalization;
using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Inspect.Commands;
using Lifeboat.Inspect.Reporting;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Vmcore;

namespace Lifeboat.Inspect.Tests.Hostile;

/// <summary>
/// Looks at a kernel in every way there is, over and over, each time with other memory damaged; whatever is wrong, there are
/// tables with notes or a diagnostic, after a bounded amount of reading and of memory.
/// </summary>
internal sealed class HostileRun
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    private readonly Func<DumpSource> _open;
    private readonly DumpLimits _limits;
    private readonly long _mostReads;
    private readonly long _mostAllocated;

    /// <param name="open">Opens the dump, once for each thread.</param>
    /// <param name="limits">What is believed of it.</param>
    /// <param name="mostReads">Reads of one use.</param>
    /// <param name="mostAllocated">Bytes that one use may allocate.</param>
    internal HostileRun(Func<DumpSource> open, DumpLimits limits, long mostReads, long mostAllocated) =>
        (_open, _limits, _mostReads, _mostAllocated) = (open, limits, mostReads, mostAllocated);

    /// <summary>100,000, or what LIFEBOAT_TEST_MUTATIONS says.</summary>
    internal static int Count { get; } = int.TryParse(
        Environment.GetEnvironmentVariable("LIFEBOAT_TEST_MUTATIONS"), NumberStyles.None, CultureInfo.InvariantCulture,
        out int count) ? count : 100_000;

    internal void Run(int firstSeed, int count)
    {
        int workers = Math.Min(Environment.ProcessorCount, 8);
        string?[] doing = new string?[workers];
        Task[] tasks = new Task[workers];
        for (int i = 0; i < workers; i++)
        {
            int worker = i;
            tasks[i] = Task.Factory.StartNew(
                () => Work(firstSeed, count, worker, workers, doing), CancellationToken.None, TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
        }

        // Not a measure of speed: whoever does the same thing for minutes will never end.
        string?[] before = new string?[workers];
        while (!Task.WaitAll(tasks, Deadline))
        {
            for (int i = 0; i < workers; i++)
            {
                Assert.False(doing[i] is { } same && ReferenceEquals(same, before[i]), $"{doing[i]} does not end");
                before[i] = doing[i];
            }
        }
    }

    /// <summary>Makes the report, as text and as JSON.</summary>
    internal static string Report(DumpSource dump, DumpLimits limits)
    {
        using var output = new StringWriter();
        CrashReport report = CrashReport.Create(dump, limits: limits);
        CrashReportText.Write(report, output);
        _ = CrashReportDocument.From(report).ToJson();
        return output.ToString();
    }

    /// <summary>Runs a command, and writes its tables as text and as JSON.</summary>
    internal static string Command(InspectSession session, string line)
    {
        using var output = new StringWriter();
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(InspectCommands.TryFind(words[0], out InspectCommand? command), line);
        IReadOnlyList<Table> tables = InspectCommands.Run(command, session, words[1..]);
        Assert.NotEmpty(tables);
        foreach (Table table in tables)
        {
            TableText.Write(table, output);
        }

        _ = TableJson.Write(command.Name, tables);
        return output.ToString();
    }

    private void Work(int firstSeed, int count, int worker, int workers, string?[] doing)
    {
        using var dump = new MutatedDump(_open()) { MostReads = _mostReads };
        var damage = new MemoryDamage(dump, _limits);
        for (int seed = firstSeed + worker; seed < firstSeed + count; seed += workers)
        {
            string line = CommandLines.All[seed % CommandLines.All.Count];
            doing[worker] = $"seed {seed}: {line}";
            dump.Mend();
            damage.Apply(line, new Random(seed));
            try
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                Survive(dump, line);
                long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                Assert.True(allocated < _mostAllocated, $"{allocated} bytes were allocated");
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{doing[worker]}: {e.Message}", e);
            }
        }
    }

    private void Survive(MutatedDump dump, string line)
    {
        try
        {
            _ = line == CommandLines.Report ? Report(dump, _limits)
                : Command(new InspectSession(CrashedKernel.Open(dump, _limits)), line);
        }
        catch (CommandException e)
        {
            Assert.NotEmpty(e.Message);
        }
        catch (DumpFormatException e)
        {
            Assert.NotEmpty(e.Diagnostics);
        }
    }
}
