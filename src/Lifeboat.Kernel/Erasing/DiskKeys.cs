using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Kernel.Erasing;

/// <summary>The keys of dm-crypt (<c>struct crypt_config</c>), which it keeps beside what the crypto API made of them.</summary>
internal static class DiskKeys
{
    private const ulong MostTargets = 1 << 20;

    internal static void Find(EraseRun run)
    {
        CrashedKernel kernel = run.Kernel;
        var mapper = new ModuleScope(kernel, "dm_mod");
        var crypt = new ModuleScope(kernel, "dm_crypt");
        if (crypt.AddressOf("crypt_target") is null || mapper.AddressOf("_minor_idr") is not { } place)
        {
            return;
        }

        KernelType device = mapper.Type("struct mapped_device");
        KernelType table = mapper.Type("struct dm_table");
        KernelType secret = crypt.Type("struct crypt_config");
        KernelWalk<IndexedEntry> devices = kernel.XArray(kernel.Object(kernel.Type("struct idr"), place));
        foreach (IndexedEntry entry in devices)
        {
            if (kernel.Object(device, entry.Entry)["map"].Pointer is { Value: not 0 } map)
            {
                InTable(run, kernel.Object(table, map), secret);
            }
        }

        run.TellUnlessWhole("the list of mapped devices", devices.End);
    }

    private static void InTable(EraseRun run, KernelObject table, KernelType secret)
    {
        if (table["num_targets"].Unsigned is not ({ } count and <= MostTargets))
        {
            run.AddUnreadable();
            return;
        }

        KernelObject targets = table["targets"];
        for (long i = 0; i < (long)count; i++)
        {
            KernelObject target = targets[i];
            if (target["type.name"].Text(32) is not { } name || target["private"].Pointer is not { } place)
            {
                run.AddUnreadable();
            }
            else if (name == "crypt" && place != VirtualAddress.Null)
            {
                Add(run, run.Kernel.Object(secret, place));
            }
        }
    }

    private static void Add(EraseRun run, KernelObject config)
    {
        if (config["key_size"].Unsigned is not { } size)
        {
            run.AddUnreadable();
            return;
        }

        run.Add("crypt_config.key", config["key"].Address, size);

        // What some ciphers and ways to make initial vectors have beside it.
        foreach (string member in (ReadOnlySpan<string>)["authenc_key", "iv_gen_private.tcw.iv_seed", "iv_gen_private.tcw.whitening"])
        {
            if (config.TryGet(member, out KernelObject? more) && more.Pointer is { Value: not 0 } place)
            {
                _ = SlabObjects.TryAddWhole(run, "crypt_config." + member, place);
            }
        }
    }
}
