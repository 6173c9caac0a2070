using Lifeboat.Core.Diagnostics;
using Lifeboat.Inspect.Reporting;
using Lifeboat.Kexec.Entries;

namespace Lifeboat.Cli.Output;

/// <summary>The boot loader's menu for a person to read.</summary>
internal static class BootListText
{
    /// <summary>Every entry with what it starts; the next one has an arrow.</summary>
    public static void Write(BootEntryList list, TextWriter output, Paint paint)
    {
        output.WriteLine(list.Next is null
            ? $"{paint.Bad("Which entry is next is not known.")}"
            : PlainText.Printable($"Next: {list.Next.Title} ({list.Why})"));
        foreach (Diagnostic problem in list.Problems)
        {
            output.WriteLine($"  {PlainText.Printable(problem.ToString())}");
        }

        foreach (BootEntry entry in list.Entries)
        {
            string title = PlainText.Printable(entry.Title);
            output.WriteLine();
            output.WriteLine(ReferenceEquals(entry, list.Next) ? $"-> {paint.Strong(title)}" : $"   {title}");
            Field("id", entry.Id);
            Field("kernel", entry.Kernel);
            foreach (string ramdisk in entry.Ramdisks)
            {
                Field("ramdisk", ramdisk);
            }

            Field("arguments", entry.CommandLine ?? (entry.Kernel is null ? null : "in the kernel file"));
            Field("from", entry.Line == 0 ? entry.Source : $"{entry.Source}:{entry.Line}");
            foreach (Diagnostic problem in entry.Problems)
            {
                Field("problem", problem.What);
            }
        }

        void Field(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                output.WriteLine($"     {name,-9}  {PlainText.Printable(value)}");
            }
        }
    }
}
