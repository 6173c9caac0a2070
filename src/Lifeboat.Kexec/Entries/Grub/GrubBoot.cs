using Lifeboat.Core.Diagnostics;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Entries.Grub;

/// <summary>Reads grub's configuration: its menu, and the entry that it starts when nobody presses a key.</summary>
internal sealed class GrubBoot
{
    /// <summary>What grub can do, as its scripts ask for it.</summary>
    private static readonly string[] Features =
    [
        "feature_chainloader_bpb", "feature_ntldr", "feature_platform_search_hint", "feature_default_font_path",
        "feature_all_video_module", "feature_menuentry_id", "feature_menuentry_options", "feature_200_final",
        "feature_nativedisk_cmd", "feature_timeout_style",
    ];

    private readonly SystemTree _tree;
    private readonly string _folder;
    private readonly GrubFiles _files;
    private readonly List<BootEntry> _entries = [];

    private GrubBoot(SystemTree tree, string folder)
    {
        _tree = tree;
        _folder = folder;
        _files = new GrubFiles(tree, folder);
    }

    /// <summary>The menu; null where there is no grub.cfg.</summary>
    internal static BootEntryList? TryFind(SystemTree tree)
    {
        foreach (string folder in Folders(tree))
        {
            if (tree.TryReadShortText($"{folder}/grub.cfg") is { } text
                && (text.Contains("menuentry", StringComparison.Ordinal) || text.Contains("blscfg", StringComparison.Ordinal)))
            {
                return new GrubBoot(tree, folder).Read(text);
            }
        }

        return null;
    }

    /// <summary>Where grub.cfg lies, the usual places first; one in the ESP often only points at another.</summary>
    private static List<string> Folders(SystemTree tree)
    {
        var folders = new List<string> { "/boot/grub2", "/boot/grub" };
        foreach (string partition in (string[])["/boot/efi", "/efi", "/boot"])
        {
            foreach (string vendor in tree.FolderNames($"{partition}/EFI").Order(StringComparer.Ordinal))
            {
                folders.Add($"{partition}/EFI/{vendor}");
            }
        }

        return folders;
    }

    private BootEntryList Read(string text)
    {
        string source = $"{_folder}/grub.cfg";
        try
        {
            IReadOnlyList<GrubStatement> statements = GrubReader.Read(text, source);
            var interpreter = new GrubInterpreter(_tree, _files, _folder, source, FirstState());
            GrubMenu menu = interpreter.RunMenu(statements);
            GrubState top = interpreter.State;
            Collect(interpreter, menu, "", 0);
            interpreter.Enter(top);
            GrubValue chosen = top["default"];
            GrubMenuItem? next = GrubDefault.Find(menu, chosen, source, out string why, out Diagnostic? problem);
            bool once = top["boot_once"] is { IsKnown: true, Text: "true" };
            return new BootEntryList
            {
                Loader = "grub",
                Entries = _entries,
                Next = next?.Entry,
                Why = next is null ? null : once ? $"{why}, for the next boot only" : why,
                Problems = problem is null ? [] : [problem],
            };
        }
        catch (DiagnosticException exception)
        {
            return new BootEntryList { Loader = "grub", Entries = _entries, Problems = exception.Diagnostics };
        }
    }

    private GrubState FirstState()
    {
        var state = new GrubState();
        bool isEfi = _tree.FileExists("sys/firmware/efi");
        state["grub_platform"] = new GrubValue(isEfi ? "efi" : "pc");
        state["grub_cpu"] = new GrubValue(isEfi ? "x86_64" : "i386");
        state["root"] = GrubValue.Empty;
        state["prefix"] = new GrubValue($"(){_folder}");
        state["config_directory"] = state["prefix"];
        state["config_file"] = new GrubValue($"(){_folder}/grub.cfg");
        foreach (string feature in Features)
        {
            state[feature] = new GrubValue("y");
            state.Export(feature);
        }

        foreach (string name in (string[])["grub_platform", "grub_cpu", "root", "prefix", "config_directory", "config_file"])
        {
            state.Export(name);
        }

        return state;
    }

    private void Collect(GrubInterpreter interpreter, GrubMenu menu, string above, int depth)
    {
        foreach (GrubMenuItem item in menu.Items)
        {
            string title = above + item.Title.Text;
            if (!item.IsSubmenu)
            {
                item.Entry = item.EntryFile is null
                    ? GrubEntry.Of(item, title, interpreter.RunItem(item), _files)
                    : GrubEntry.Of(item.EntryFile, item, title, interpreter.State, _files);
                _entries.Add(item.Entry);
            }
            else if (depth < EntryLimits.MaxDepth)
            {
                GrubState outer = interpreter.State;
                item.Submenu = interpreter.OpenSubmenu(item, out GrubState inner);
                interpreter.Enter(inner);
                Collect(interpreter, item.Submenu, $"{title} > ", depth + 1);
                interpreter.Enter(outer);
            }
        }
    }
}
