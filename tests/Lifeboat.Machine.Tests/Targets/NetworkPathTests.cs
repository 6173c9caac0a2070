using Lifeboat.Capture.Network;
using Lifeboat.Capture.Tests.Ssh;
using Lifeboat.Drill.Guests;
using Lifeboat.Drill.Inside;
using Lifeboat.Machine.Tests.Faults;

namespace Lifeboat.Machine.Tests.Targets;

/// <summary>Ways to a host that are not as they were on the running machine.</summary>
public sealed class NetworkPathTests
{
    private const int Vlan = 7;
    private const string Host = "dumps.example";

    // The card is called otherwise by the capture kernel, and is the second there; the host's first address does not answer.
    private const string Plan = $"""
        target {Host}
        card mac={GuestNetwork.Mac} name=enp0s9 mtu=1500
        vlan over=0 id=7 protocol=802.1Q name=enp0s9.7 mtu=1500
        address 10.0.2.15/24 link=1 by=dhcp
        address fec0::15/64 link=1 by=static
        route fec0::99 link=1 source=fec0::15 by=plan
        route 10.0.2.2 link=1 source=10.0.2.15 by=plan
        module virtio_net
        module 8021q

        """;

    [Fact]
    public void A_card_with_a_new_name_a_VLAN_silent_DHCP_and_a_dead_address_do_not_keep_the_crash_from_its_host()
    {
        using var folder = new TemporaryFolder();
        string crashes = folder.File("crashes");
        using SshServer server = SshServer.Start($"{TestMachine.Program} receive {crashes}");
        int questions = 0;
        using var cable = new FrameRelay(
            folder,
            frame =>
            {
                if (EthernetFrame.Untagged(frame, Vlan) is { } untagged && EthernetFrame.IsDhcpQuestion(untagged))
                {
                    questions++;
                    return null;
                }

                return EthernetFrame.Untagged(frame, Vlan);
            },
            static frame => EthernetFrame.Tagged(frame, Vlan));
        List<string> console = new FaultyCapture
        {
            Plan = new GuestPlan { Mode = GuestMode.Crash, Seed = 1 },
            Settings = $"{server.TargetLine(Host)} command=receive\nnet_timeout 15",
            Cards = ["-device", "virtio-net-pci,romfile=,mac=52:54:00:4c:42:99", .. cable.CardWith(GuestNetwork.Mac)],
            PlanFor = static _ => NetworkPlan.Parse(Plan, "the test's plan"),
        }.Run();
        Assert.True(Directory.Exists(crashes), FaultyCapture.Readable(console));
        new SavedCrash(Assert.Single(Directory.GetDirectories(crashes))).MustBeWhole();
        Assert.True(questions > 0);
        string said = FaultyCapture.Said(console);
        Assert.Contains($"the card {GuestNetwork.Mac} is eth1", said, StringComparison.Ordinal);
        Assert.Contains(console, static line => line.Contains("no answer by DHCP on ", StringComparison.Ordinal)
            && line.Contains("it takes 10.0.2.15", StringComparison.Ordinal));
    }

    [Fact]
    public void A_network_that_is_dead_leaves_the_crash_to_the_next_target()
    {
        TestMachine.RequireNightly();
        using var folder = new TemporaryFolder();
        var filesystem = new Guid("5a7e9d10-98a3-4c2e-8c11-000000000011");
        var disk = DiskImage.Create(folder.File("disk"), 1L << 30, filesystem);
        int frames = 0;
        using var cable = new FrameRelay(
            folder,
            frame =>
            {
                frames++;
                return null;
            },
            static _ => null);
        List<string> console = new FaultyCapture
        {
            Plan = new GuestPlan { Mode = GuestMode.Crash, Seed = 1 },
            Settings = $"nfs {Host}:/export\next4 UUID={filesystem}\nnet_timeout 15",
            Devices = FaultyCapture.Drives(disk.Path),
            Cards = [.. cable.CardWith(GuestNetwork.Mac)],
            PlanFor = static _ => NetworkPlan.Parse(Plan, "the test's plan"),
        }.Run();
        Assert.True(frames > 0);
        Assert.Contains($"nfs {Host}:/export: ", FaultyCapture.Readable(console), StringComparison.Ordinal);
        new SavedCrash(Assert.Single(Directory.GetDirectories(disk.TakeOut(folder.File("found"))))).MustBeWhole();
    }
}
