using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Kernel.Erasing;

/// <summary>The master keys of fscrypt, which each filesystem has in a table of its own.</summary>
internal static class FolderKeys
{
    internal static void Find(EraseRun run)
    {
        CrashedKernel kernel = run.Kernel;
        if (!kernel.TryFindGlobal("super_blocks", out KernelObject? head)
            || !kernel.Type("struct super_block").TryFindMember("s_master_keys", out KernelMember? member)
            || member.Type.Target is not { } keyring)
        {
            return;
        }

        // Until 5.19 it was a keyring, and its keys are found there.
        if (!keyring.TryFindMember("key_hashtable", out _))
        {
            return;
        }

        KernelWalk<KernelObject> superBlocks = kernel.List(head, "struct super_block", "s_list");
        foreach (KernelObject superBlock in superBlocks)
        {
            KernelObject pointer = superBlock["s_master_keys"];
            if (pointer.Pointer is null)
            {
                run.AddUnreadable();
            }
            else if (pointer.Pointer != VirtualAddress.Null)
            {
                InTable(run, pointer.Target["key_hashtable"]);
            }
        }

        run.TellUnlessWhole("the list of filesystems", superBlocks.End);
    }

    private static void InTable(EraseRun run, KernelObject table)
    {
        for (long i = 0; i < table.Type.ElementCount; i++)
        {
            KernelWalk<KernelObject> keys = run.Kernel.Chain(table[i], "struct fscrypt_master_key", "mk_node");
            foreach (KernelObject key in keys)
            {
                run.Add("fscrypt_master_key.mk_secret", key["mk_secret"]);
            }

            run.TellUnlessWhole("a chain of master keys", keys.End);
        }
    }
}
