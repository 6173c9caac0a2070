namespace Lifeboat.Kernel.Erasing;

/// <summary>The sets of what the kernel itself is known to hold and a dump need not have: an entry each, in the order they are looked for.</summary>
public static class EraseSets
{
    /// <summary>The word for all that are keys.</summary>
    public const string Keys = "keys";

    /// <summary>The word for all that are data of processes in the kernel's own pages.</summary>
    public const string User = "user";

    private static readonly EraseSet[] Known =
    [
        new(Keys, "keyring", "payloads of the kernel's keyrings: user, logon, encrypted, trusted, big and private keys", KeyringKeys.Find),
        new(Keys, "crypto", "what the crypto API has set up with keys: the contexts of all its transforms", CryptoKeys.Find),
        new(Keys, "dm-crypt", "keys of encrypted disks", DiskKeys.Find),
        new(Keys, "fscrypt", "master keys of encrypted folders", FolderKeys.Find),
        new(Keys, "ipsec", "keys of IPsec's states", IpsecKeys.Find),
        new(Keys, "wireguard", "keys of WireGuard's devices and peers", WireGuardKeys.Find),
        new(User, "pipes", "what was written into pipes and not yet read", PipeData.Find),
        new(User, "packets", "what sockets and network cards hold: packets, with their headers", PacketData.Find),
    ];

    /// <summary>The names of the sets.</summary>
    public static IReadOnlyList<string> Names { get; } = NamesOf(Known);

    /// <summary>What a set has, a clause.</summary>
    /// <exception cref="ArgumentException">There is no such set.</exception>
    public static string MeaningOf(string name) => Get(name)?.Meaning ?? throw new ArgumentException("no such set", nameof(name));

    /// <summary>The word for several sets that a set is among.</summary>
    /// <exception cref="ArgumentException">There is no such set.</exception>
    public static string GroupOf(string name) => Get(name)?.Group ?? throw new ArgumentException("no such set", nameof(name));

    internal static bool IsKnown(string name) => name is Keys or User || Get(name) is not null;

    internal static IReadOnlyList<EraseSet> Of(string name)
    {
        var sets = new List<EraseSet>();
        foreach (EraseSet set in Known)
        {
            if (set.Name == name || set.Group == name)
            {
                sets.Add(set);
            }
        }

        return sets;
    }

    private static EraseSet? Get(string name)
    {
        foreach (EraseSet set in Known)
        {
            if (set.Name == name)
            {
                return set;
            }
        }

        return null;
    }

    private static string[] NamesOf(EraseSet[] sets)
    {
        string[] names = new string[sets.Length];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = sets[i].Name;
        }

        return names;
    }
}
