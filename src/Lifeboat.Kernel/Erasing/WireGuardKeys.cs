using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Kernel.Erasing;

/// <summary>The keys of WireGuard: a device's own, and what it and its peers have agreed on.</summary>
internal static class WireGuardKeys
{
    internal static void Find(EraseRun run)
    {
        // The list's name is not its own, so that another's could be taken for it: whether there is WireGuard tells a function.
        var wireGuard = new ModuleScope(run.Kernel, "wireguard");
        if (wireGuard.AddressOf("wg_noise_handshake_create_initiation") is null || wireGuard.AddressOf("device_list") is not { } place)
        {
            return;
        }

        KernelType deviceType = wireGuard.Type("struct wg_device");
        KernelType peerType = wireGuard.Type("struct wg_peer");
        KernelObject head = run.Kernel.Object(run.Kernel.Type("struct list_head"), place);
        KernelWalk<KernelObject> devices = LinkedLists.Ring(head, run.Kernel.MaxLinked);
        foreach (KernelObject link in devices)
        {
            KernelObject device = link.ContainerOf(deviceType, "device_list");
            run.Add("wg_device.static_identity.static_private", device["static_identity.static_private"]);
            KernelWalk<KernelObject> peers = LinkedLists.Ring(device["peer_list"], run.Kernel.MaxLinked);
            foreach (KernelObject peer in peers)
            {
                AddPeer(run, peer.ContainerOf(peerType, "peer_list"));
            }

            run.TellUnlessWhole("a list of WireGuard's peers", peers.End);
        }

        run.TellUnlessWhole("the list of WireGuard's devices", devices.End);
    }

    private static void AddPeer(EraseRun run, KernelObject peer)
    {
        foreach (string member in (ReadOnlySpan<string>)["ephemeral_private", "precomputed_static_static", "preshared_key", "hash", "chaining_key"])
        {
            run.Add("wg_peer.handshake." + member, peer["handshake." + member]);
        }

        foreach (string member in (ReadOnlySpan<string>)["current_keypair", "previous_keypair", "next_keypair"])
        {
            KernelObject pair = peer["keypairs." + member];
            if (pair.Pointer is null)
            {
                run.AddUnreadable();
            }
            else if (pair.Pointer != VirtualAddress.Null)
            {
                run.Add("noise_keypair.sending.key", pair.Target["sending.key"]);
                run.Add("noise_keypair.receiving.key", pair.Target["receiving.key"]);
            }
        }
    }
}
