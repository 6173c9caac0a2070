using System.Text;
using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Symbols;

namespace Lifeboat.Kernel.Erasing;

/// <summary>The payloads of the kernel's keys (<c>struct key</c>), of which a tree by serial number has all.</summary>
internal static class KeyringKeys
{
    private const int BigKeyData = 0;
    private const int BigKeyLength = 3;
    private const ulong BigKeySecret = 32; // the key of a file in memory, where a big key is one

    internal static void Find(EraseRun run)
    {
        if (!run.Kernel.TryFindGlobal("key_serial_tree", "struct rb_root", out KernelObject? root))
        {
            run.Tell("this kernel has no keyrings that are found");
            return;
        }

        List<ulong> owners = OwnersOfUserPayloads(run);
        KernelWalk<KernelObject> keys = run.Kernel.Tree(root, "struct key", "serial_node");
        foreach (KernelObject key in keys)
        {
            Add(run, key, owners);
        }

        if (keys.End != WalkEnd.Complete)
        {
            // Broken in the middle: the slab allocator knows them, too. What was found is found once more.
            run.TellUnlessWhole("the tree of keys", keys.End);
            KernelType type = run.Kernel.Type("struct key");
            _ = SlabObjects.InCacheOf(run, "key_jar", address => AddIfKey(run, run.Kernel.Object(type, address), owners));
        }
    }

    // Key types that destroy their payload by this function have the one that user and logon keys have.
    private static List<ulong> OwnersOfUserPayloads(EraseRun run)
    {
        var owners = new List<ulong>();
        foreach (KernelSymbol symbol in run.Kernel.Symbols.FindAll("user_destroy"))
        {
            owners.Add(symbol.Address.Value);
        }

        return owners;
    }

    // The cache may have other objects, too: a key has a type, which is a variable of the kernel or a module, and a number.
    private static void AddIfKey(EraseRun run, KernelObject key, List<ulong> owners)
    {
        if (key["serial"].Signed is > 2 && key["usage"].As(run.Kernel.Type("int")).Signed is > 0 and < int.MaxValue
            && key["type"].Pointer is { Value: not 0 } type && run.Kernel.Names.TryFind(type, out _))
        {
            Add(run, key, owners);
        }
    }

    private static void Add(EraseRun run, KernelObject key, List<ulong> owners)
    {
        KernelObject type = key["type"];
        if (type.Pointer is null)
        {
            run.AddUnreadable();
            return;
        }

        if (type.Pointer == VirtualAddress.Null || type["name"].Text(64) is not { } name)
        {
            return;
        }

        KernelObject data = key["payload.data"];
        if (name is "keyring" or ".request_key_auth" or "blacklist" || data[0].Pointer is not { Value: not 0 } first)
        {
            return;
        }

        if (type["destroy"].Unsigned is { } destroy && owners.Contains(destroy))
        {
            AddUser(run, key, first);
            return;
        }

        switch (name)
        {
            case "asymmetric":
                AddPrivate(run, data[0]);
                break;
            case "encrypted" when run.Kernel.TryFindType("struct encrypted_key_payload", out KernelType? payload):
                KernelObject encrypted = run.Kernel.Object(payload, first);
                run.Add("encrypted_key_payload.payload_data", encrypted["payload_data"].Address, encrypted["payload_datalen"].Unsigned ?? 0);
                break;
            case "trusted" when run.Kernel.TryFindType("struct trusted_key_payload", out KernelType? payload):
                run.Add("trusted_key_payload.key", run.Kernel.Object(payload, first)["key"]);
                break;
            case "ceph" when run.Kernel.TryFindType("struct ceph_crypto_key", out KernelType? payload):
                KernelObject ceph = run.Kernel.Object(payload, first);
                run.Add("ceph_crypto_key.key", ceph["key"].Pointer ?? default, ceph["len"].Unsigned ?? 0);
                break;
            case "big_key":
                AddBig(run, data);
                break;
            default:
                AddUnknown(run, name, data);
                break;
        }
    }

    private static void AddUser(EraseRun run, KernelObject key, VirtualAddress payload)
    {
        KernelObject user = key.At(run.Kernel.Type("struct user_key_payload"), payload);
        if (user["datalen"].Unsigned is { } length)
        {
            run.Add("user_key_payload.data", user["data"].Address, length);
        }
        else
        {
            run.AddUnreadable();
        }
    }

    // Certificates, mostly, and those are public.
    private static void AddPrivate(EraseRun run, KernelObject data)
    {
        if (data.Pointer is { } place && run.Kernel.TryFindType("struct public_key", out KernelType? type)
            && run.Kernel.Object(type, place) is var key && key["key_is_private"].Unsigned is not 0
            && key["key"].Pointer is { Value: not 0 } secret && key["keylen"].Unsigned is { } length)
        {
            run.Add("public_key.key", secret, length);
        }
    }

    // An array of four words until 5.18, a structure of as many since: where to, two words of a path, how long.
    private static void AddBig(EraseRun run, KernelObject data)
    {
        if (data[BigKeyData].Pointer is not { Value: not 0 } place || data[BigKeyLength].Unsigned is not { } length)
        {
            run.AddUnreadable();
            return;
        }

        // A long one lies in a file of tmpfs, encrypted, and this is its key.
        ulong threshold = run.Kernel.Type("struct inode").Size.Value + run.Kernel.Type("struct dentry").Size.Value;
        run.Add("big_key_payload.data", place, length > threshold ? BigKeySecret : length);
    }

    // Better too much than a secret: the whole of what the allocator gave for the payload.
    private static void AddUnknown(EraseRun run, string name, KernelObject data)
    {
        string what = "key." + PlainWord(name);
        for (long i = 0; i < Math.Min(4, data.Type.ElementCount); i++)
        {
            if (data[i].Pointer is { Value: not 0 } place && !SlabObjects.TryAddWhole(run, what, place) && i == 0)
            {
                run.Tell("a key of a type that is not known, whose payload cannot be told, is not erased", name);
            }
        }
    }

    private static string PlainWord(string name)
    {
        var word = new StringBuilder();
        foreach (char character in name)
        {
            word.Append(char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-' ? character : '_');
        }

        return word.ToString();
    }
}
