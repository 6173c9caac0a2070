using System.Text.Json;
using Lifeboat.Cli.Output;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Kexec.Entries;

namespace Lifeboat.Cli.Verbs;

/// <summary>What <c>boot --list</c> and <c>boot --same</c> do: ask the boot loader's own files.</summary>
internal static class BootChoice
{
    /// <summary><c>boot --list</c>: shows the installed kernels, and which one the boot loader would start.</summary>
    /// <returns><see cref="ExitCode.BadInput"/> when it cannot be told which is next, or that one cannot be started from here.</returns>
    public static ExitCode List(Terminal terminal, bool json, string root = "/")
    {
        BootEntryList list = BootEntries.Find(root);
        if (json)
        {
            terminal.Output.WriteLine(JsonSerializer.Serialize(Document(list), CliJsonContext.Default.BootListDocument));
        }
        else
        {
            BootListText.Write(list, terminal.Output, terminal.OutputPaint);
        }

        return list.Next?.IsBootable == true ? ExitCode.Success : ExitCode.BadInput;
    }

    /// <summary><c>boot --same</c>: the entry that the boot loader would start; says which and why.</summary>
    /// <remarks>Its command line is null when it lies in the kernel file, a unified kernel image.</remarks>
    /// <exception cref="DiagnosticException">It cannot be told which is next, or that one cannot be started from here.</exception>
    public static BootEntry Same(Terminal terminal, string root = "/")
    {
        BootEntryList list = BootEntries.Find(root);
        BootEntry next = list.RequireNext();
        terminal.Note($"the boot loader's next entry is {Inspect.Reporting.PlainText.Printable($"{next.Title} ({list.Why})")}");
        return next;
    }

    private static BootListDocument Document(BootEntryList list)
    {
        var entries = new List<BootListEntry>();
        foreach (BootEntry entry in list.Entries)
        {
            entries.Add(new BootListEntry(
                entry.Title, entry.Id, ReferenceEquals(entry, list.Next), entry.IsBootable, entry.Kernel, entry.Ramdisks, entry.CommandLine,
                entry.Source, entry.Line, Texts(entry.Problems)));
        }

        return new BootListDocument(list.Loader, list.Next?.Id, list.Why, entries, Texts(list.Problems));
    }

    private static List<string> Texts(IReadOnlyList<Diagnostic> problems)
    {
        var texts = new List<string>();
        foreach (Diagnostic problem in problems)
        {
            texts.Add(problem.ToString());
        }

        return texts;
    }
}
