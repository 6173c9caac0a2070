using Lifeboat.Inspect.Commands;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Inspect.Tests.RealDumps;

/// <summary>The commands over the kernel's other objects on every dump, with all pages and with the kernel's only.</summary>
public sealed class RealObjectTests
{
    // Whose first table has rows on every machine.
    private static readonly string[] Commands =
    [
        "files", "files -c", "files -A", "mount", "mount -f -i", "net", "dev", "dev -d", "dev -p", "timer", "timer -r",
        "irq", "irq -u", "irq -s", "irq -b", "mach", "mach -c", "mach -m", "waitq -t",
    ];

    // Which may have none.
    private static readonly string[] Others = ["net -a", "net -s", "ipcs", "waitq -b", "waitq -b 60", "waitq init_task.signal.wait_chldexit"];

    [Theory]
    [InlineData(".elf", true)]
    [InlineData(".filtered", false)]
    public void Every_command_shows_what_there_is(string extension, bool hasAllPages)
    {
        IReadOnlyList<string> dumps = TestDumps.Find(extension);
        Assert.SkipWhen(dumps.Count == 0, "LIFEBOAT_TEST_DUMPS names no folder with dumps");
        foreach (string path in dumps)
        {
            using var dump = CrashDump.Open(path);
            var session = new InspectSession(dump.Kernel);
            foreach (string command in Commands)
            {
                IReadOnlyList<Table> tables = Run(session, command, hasAllPages);
                Assert.True(tables[0].Rows.Count > 0, $"{path}: {command}");
            }

            Assert.All(Others, command => Assert.NotEmpty(Run(session, command, hasAllPages)));
        }
    }

    private static IReadOnlyList<Table> Run(InspectSession session, string command, bool hasAllPages)
    {
        string[] words = command.Split(' ');
        Assert.True(InspectCommands.TryFind(words[0], out InspectCommand? found));
        IReadOnlyList<Table> tables = found.Run(session, words[1..]);
        using var output = new StringWriter();
        foreach (Table table in tables)
        {
            TableText.Write(table, output);
        }

        if (hasAllPages)
        {
            Assert.All(tables, table => Assert.Empty(table.Notes));
            Assert.DoesNotContain(Cell.Missing, output.ToString(), StringComparison.Ordinal);
        }

        _ = TableJson.Write(command, tables);
        return tables;
    }
}
