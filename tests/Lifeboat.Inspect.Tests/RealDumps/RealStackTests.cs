using System.Globalization;
using Lifeboat.Inspect.Commands;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Inspect.Tests.RealDumps;

/// <summary>The words of stacks, held against the frames that were unwound by other means.</summary>
public sealed class RealStackTests
{
    private const string Exception = "  [exception]";

    [Fact]
    public void The_last_word_of_a_frame_is_where_its_caller_goes_on()
    {
        int checks = 0;
        foreach (string path in Dumps())
        {
            using var dump = CrashDump.Open(path);
            foreach (Table table in Run(dump.Kernel, "bt", "-f", "-A"))
            {
                string last = "";
                foreach (string[] row in Rows(table))
                {
                    if (row[0].Length > 0 && last.Length > 0 && row[3][0] != '?' && !row[3].EndsWith(Exception, StringComparison.Ordinal)
                        && last != Cell.Missing)
                    {
                        Assert.Equal(row[2], last[^16..]);
                        checks++;
                    }

                    last = row[0].Length > 0 ? "" : row[3];
                }
            }
        }

        Assert.InRange(checks, 1000, int.MaxValue);
    }

    [Fact]
    public void The_words_that_point_into_code_have_all_frames_among_them()
    {
        foreach (string path in Dumps())
        {
            using var dump = CrashDump.Open(path);
            string[][] frames = Rows(Run(dump.Kernel, "bt", "1")[0]);
            string[][] words = Rows(Run(dump.Kernel, "bt", "-t", "1")[0]);
            Assert.All(frames[1..], frame => Assert.Contains(words, word => word[2] == frame[2] && word[3] == frame[3]));
        }
    }

    [Fact]
    public void Tasks_ran_last_before_the_crash_and_after_their_start()
    {
        foreach (string path in Dumps())
        {
            using var dump = CrashDump.Open(path);
            string[][] rows = Rows(Run(dump.Kernel, "ps", "-m")[0]);
            Assert.Contains(rows[..4], row => row[5] == "init");
            Assert.All(rows, row => Assert.StartsWith("0 00:", row[0], StringComparison.Ordinal));
            Assert.All(Rows(Run(dump.Kernel, "ps", "-t")[0]), row => Assert.True(
                Time(row[2]) >= Time(row[4]) + Time(row[5]) - TimeSpan.FromSeconds(1), string.Join(' ', row)));
        }
    }

    [Fact]
    public void Every_task_is_a_child_of_its_parent()
    {
        foreach (string path in Dumps())
        {
            using var dump = CrashDump.Open(path);
            foreach (Table table in Run(dump.Kernel, "ps", "-p", "-G"))
            {
                string[][] line = Rows(table);
                // Idle tasks are in no list.
                if (line.Length > 1 && line[^1][0] != "0")
                {
                    Assert.Contains(Rows(Run(dump.Kernel, "ps", "-c", line[^2][1])[0]), child => child[1] == line[^1][1]);
                }
            }
        }
    }

    private static TimeSpan Time(string text) => TimeSpan.ParseExact(text, @"d\ hh\:mm\:ss\.ffffff", CultureInfo.InvariantCulture);

    private static IReadOnlyList<Table> Run(CrashedKernel kernel, string name, params string[] arguments)
    {
        Assert.True(InspectCommands.TryFind(name, out InspectCommand? command));
        return command.Run(new InspectSession(kernel), arguments);
    }

    private static string[][] Rows(Table table) =>
        [.. table.Rows.Select(row => row.Select((cell, i) => cell.ToText(table.Columns[i].Kind)).ToArray())];

    private static IReadOnlyList<string> Dumps()
    {
        IReadOnlyList<string> dumps = TestDumps.Find(".elf");
        Assert.SkipWhen(dumps.Count == 0, "LIFEBOAT_TEST_DUMPS names no folder with dumps");
        return dumps;
    }
}
