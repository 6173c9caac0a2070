using System.Globalization;
using System.Text;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Kexec.Entries.Grub;

/// <summary>
/// Finds the item that grub's variable <c>default</c> names: a number from 0, a title or an id, and for submenus one after
/// another with <c>&gt;</c> between. What names nothing means the first item.
/// </summary>
internal static class GrubDefault
{
    /// <summary>The item; null when it cannot be told.</summary>
    internal static GrubMenuItem? Find(GrubMenu menu, GrubValue chosen, string source, out string why, out Diagnostic? problem)
    {
        problem = null;
        string spec = chosen.Text;
        why = spec.Length == 0 ? "grub's default is not set: the first entry" : $"grub's default is {spec}";
        if (chosen.Doubt is { } doubt)
        {
            problem = BootEntries.Unclear($"Which entry is grub's default is not known: {doubt}", source);
            return null;
        }

        for (int depth = 0; depth <= EntryLimits.MaxDepth; depth++)
        {
            string name = Cut(ref spec);
            GrubMenuItem? item = FindIn(menu, name, out bool isCertain);
            if (item is null || !isCertain)
            {
                problem = BootEntries.Unclear(
                    menu.Doubt is { } unclear ? $"Which entries grub's menu has is not known: {unclear}"
                        : menu.Items.Count == 0 ? "Grub's menu is empty" : "A title of grub's menu is not known", source);
                return null;
            }

            if (name.Length > 0 && !Names(item, name) && !IsNumber(name, out _))
            {
                why += ", which no entry is called: the first entry";
            }

            if (!item.IsSubmenu || item.Submenu is null)
            {
                return item;
            }

            menu = item.Submenu;
        }

        return null;
    }

    private static GrubMenuItem? FindIn(GrubMenu menu, string name, out bool isCertain)
    {
        isCertain = menu.Doubt is null;
        if (IsNumber(name, out int number))
        {
            return number < menu.Items.Count ? menu.Items[number] : menu.Items.FirstOrDefault();
        }

        if (name.Length > 0)
        {
            foreach (GrubMenuItem item in menu.Items)
            {
                if (Names(item, name))
                {
                    isCertain = true;
                    return item;
                }

                isCertain &= item.Title.IsKnown;
            }
        }

        return menu.Items.FirstOrDefault();
    }

    private static bool Names(GrubMenuItem item, string name) =>
        item.Id == name || (item.Title.IsKnown && item.Title.Text == name);

    private static bool IsNumber(string name, out int number) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary>Takes the part before the first single <c>&gt;</c>; two of them are one within a title.</summary>
    private static string Cut(ref string spec)
    {
        var part = new StringBuilder();
        for (int i = 0; i < spec.Length; i++)
        {
            if (spec[i] == '>')
            {
                if (i + 1 == spec.Length || spec[i + 1] != '>')
                {
                    spec = spec[(i + 1)..];
                    return part.ToString();
                }

                i++;
            }

            part.Append(spec[i]);
        }

        spec = "";
        return part.ToString();
    }
}
