using System.Globalization;
using System.Text;
using Lifeboat.Kexec.Boot;

namespace Lifeboat.Kexec.Planning;

/// <summary>A memory map as parameters of the command line.</summary>
internal static class MemoryMapText
{
    /// <summary>Below this RAM is not worth the room on the command line; kexec-tools draws the line there as well.</summary>
    private const ulong SmallestRamKiB = 100;

    /// <summary>
    /// <c>memmap=exactmap</c>, which empties the kernel's map, then each range in KiB: <c>@</c> RAM, <c>#</c> ACPI, <c>$</c>
    /// reserved, <c>!</c> persistent. RAM is rounded inwards, everything else outwards.
    /// </summary>
    internal static string Of(IReadOnlyList<E820Entry> map)
    {
        var text = new StringBuilder("memmap=exactmap");
        foreach (E820Entry entry in map)
        {
            bool ram = entry.Type == E820Type.Ram;
            ulong start = (entry.Range.Start.Value + (ram ? 1023UL : 0)) >> 10;
            ulong end = (entry.Range.End.Value + (ram ? 0 : 1023UL)) >> 10;
            if (end <= start || (ram && end - start < SmallestRamKiB))
            {
                continue;
            }

            text.Append(CultureInfo.InvariantCulture, $" memmap={end - start}K{Sign(entry.Type)}{start}K");
        }

        return text.ToString();
    }

    private static char Sign(E820Type type) => type switch
    {
        E820Type.Ram => '@',
        E820Type.Acpi or E820Type.Nvs => '#',
        E820Type.PersistentMemory or E820Type.LegacyPersistentMemory => '!',
        _ => '$',
    };
}
