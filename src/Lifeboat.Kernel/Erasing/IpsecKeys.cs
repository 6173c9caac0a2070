using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Kernel.Erasing;

/// <summary>The keys of IPsec's states (<c>struct xfrm_state</c>), which each network namespace lists.</summary>
internal static class IpsecKeys
{
    internal static void Find(EraseRun run)
    {
        CrashedKernel kernel = run.Kernel;
        if (!kernel.TryFindGlobal("net_namespace_list", out KernelObject? head)
            || !kernel.Type("struct net").TryFindMember("xfrm.state_all", out _))
        {
            return;
        }

        KernelWalk<KernelObject> spaces = kernel.List(head, "struct net", "list");
        foreach (KernelObject space in spaces)
        {
            KernelWalk<KernelObject> states = kernel.List(space["xfrm.state_all"], "struct xfrm_state", "km.all");
            foreach (KernelObject state in states)
            {
                foreach (string member in (ReadOnlySpan<string>)["aalg", "ealg", "aead"])
                {
                    Add(run, state[member], member);
                }
            }

            run.TellUnlessWhole("a list of IPsec's states", states.End);
        }

        run.TellUnlessWhole("the list of network namespaces", spaces.End);
    }

    private static void Add(EraseRun run, KernelObject pointer, string member)
    {
        if (pointer.Pointer is null)
        {
            run.AddUnreadable();
        }
        else if (pointer.Pointer != VirtualAddress.Null)
        {
            KernelObject algorithm = pointer.Target;
            if (algorithm["alg_key_len"].Unsigned is { } bits)
            {
                run.Add($"xfrm_state.{member}.alg_key", algorithm["alg_key"].Address, (bits + 7) / 8);
            }
            else
            {
                run.AddUnreadable();
            }
        }
    }
}
