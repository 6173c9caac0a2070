using System.Text;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Kexec.Entries.Loader;

namespace Lifeboat.Kexec.Entries.Grub;

/// <summary>Makes a <see cref="BootEntry"/> of what an item of grub's menu loads.</summary>
internal static class GrubEntry
{
    /// <summary>Of an item whose commands have been run.</summary>
    internal static BootEntry Of(GrubMenuItem item, string title, GrubState state, GrubFiles files)
    {
        var problems = new List<Diagnostic>();
        GrubValue kernel = state[GrubState.Kernel];
        GrubValue chain = state[GrubState.Chain];
        GrubValue device = state[GrubState.Device];
        bool isImage = kernel is { IsKnown: true, Text: "" } && chain.Text.Contains("/EFI/Linux/", StringComparison.OrdinalIgnoreCase);
        var entry = new BootEntry
        {
            Title = title,
            Id = item.Id ?? item.Title.Text,
            Source = item.Source,
            Line = int.TryParse(state[GrubState.Line].Text, out int line) ? line : item.Line,
        };
        string where = $"{entry.Source}:{entry.Line}";
        if (state[GrubState.Unclear].Doubt is { } unclear)
        {
            problems.Add(BootEntries.Unusable($"What this entry starts is not known: {unclear}", where));
            return entry with { Problems = problems };
        }

        if (kernel is { IsKnown: true, Text: "" } && !isImage)
        {
            problems.Add(BootEntries.Unusable(chain.Text.Length == 0 ? "This entry starts no Linux kernel"
                : $"This entry starts another loader or a program of the firmware: {chain.Text}", where));
            return entry with { Problems = problems };
        }

        return Finish(entry, isImage ? chain : kernel, isImage ? state["root"] : device, isImage ? null : state[GrubState.Arguments],
            state[GrubState.Ramdisks], where, files, problems);
    }

    /// <summary>Of an entry file that blscfg shows; grub's variables are expanded in it.</summary>
    internal static BootEntry Of(LoaderEntryFile file, GrubMenuItem item, string title, GrubState state, GrubFiles files)
    {
        var problems = new List<Diagnostic>();
        var entry = new BootEntry { Title = title, Id = item.Id!, Source = file.Path, Line = file.LinuxLine };
        string where = $"{file.Path}:{file.LinuxLine}";
        if (file.Linux is null)
        {
            problems.Add(BootEntries.Unusable("This entry names no kernel", where));
            return entry with { Problems = problems };
        }

        if (file.DeviceTree is not null)
        {
            problems.Add(BootEntries.Unusable("A device tree is not passed on", where));
        }

        GrubValue device = state["boot"] is { Text.Length: > 0 } boot ? boot : state["root"];
        GrubValue ramdisks = Expand(string.Join(' ', file.Ramdisks), state);
        GrubValue early = state["early_initrd"];
        ramdisks = new GrubValue(
            string.Join('\n', $"{early.Text} {ramdisks.Text}".Split((char[])[' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries)),
            early.Doubt ?? ramdisks.Doubt);
        return Finish(entry, Expand(file.Linux, state), device, Expand(file.Options ?? state["default_kernelopts"].Text, state), ramdisks,
            where, files, problems);
    }

    private static BootEntry Finish(BootEntry entry, GrubValue kernel, GrubValue device, GrubValue? arguments, GrubValue ramdisks,
        string where, GrubFiles files, List<Diagnostic> problems)
    {
        string? kernelPath = Resolve("The kernel", kernel, device, where, files, problems);
        var paths = new List<string>();
        foreach (string ramdisk in ramdisks.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (ramdisk.StartsWith("newc:", StringComparison.Ordinal))
            {
                problems.Add(BootEntries.Unusable("A ramdisk made of single files (newc:) is not made here", where));
            }
            else if (Resolve("The ramdisk", ramdisks with { Text = ramdisk }, device, where, files, problems) is { } path)
            {
                paths.Add(path);
            }
        }

        if (arguments?.Doubt is { } doubt)
        {
            problems.Add(BootEntries.Unusable($"The command line is not known: {doubt}", where));
        }

        return entry with { Kernel = kernelPath, Ramdisks = paths, CommandLine = arguments?.Text, Problems = problems };
    }

    private static string? Resolve(string what, GrubValue path, GrubValue device, string where, GrubFiles files, List<Diagnostic> problems)
    {
        bool namesDevice = path.Text.StartsWith('(');
        string? problem = path.Doubt ?? (namesDevice ? null : device.Doubt);
        string? found = problem is null ? files.Find(path.Text, device.Text, out problem, out _) : null;
        if (found is null)
        {
            problems.Add(BootEntries.Unusable($"{what} is not found: {problem}", where));
        }

        return found;
    }

    private static GrubValue Expand(string text, GrubState state)
    {
        var expanded = new StringBuilder();
        string? doubt = null;
        for (int i = 0; i < text.Length; i++)
        {
            int end = i + 1;
            while (text[i] == '$' && end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
            {
                end++;
            }

            if (end == i + 1)
            {
                expanded.Append(text[i]);
                continue;
            }

            GrubValue value = state[text[(i + 1)..end]];
            doubt ??= value.Doubt;
            expanded.Append(value.Text);
            i = end - 1;
            if (expanded.Length > EntryLimits.MaxValue)
            {
                return new GrubValue("", "it is longer than is believed");
            }
        }

        // A variable that is empty leaves its blanks.
        return new GrubValue(expanded.ToString().Trim(), doubt);
    }
}
