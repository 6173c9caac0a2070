using Lifeboat.Core.Diagnostics;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Planning;
using Lifeboat.Kexec.Reporting;
using Lifeboat.Kexec.Tests.Support;

namespace Lifeboat.Kexec.Tests.Machine;

public sealed class SavedMachineTests
{
    [Fact]
    public void A_plan_for_a_saved_machine_is_the_plan_for_the_machine()
    {
        using var tree = new MachineTree();
        tree.Write("sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
        tree.Write("boot/config-6.1.0-56-amd64", "CONFIG_KEXEC=y\n");
        byte[] archive = SavedMachine.Record(tree.Root, out IReadOnlyList<string> files);
        string live = LoadPlanReport.ToText(CrashLoadPlanner.Plan(TestPlans.Request() with { Machine = MachineDescription.ReadLive(tree.Root) }));
        tree.Dispose();
        Directory.CreateDirectory(tree.Root);

        SavedMachine saved = SavedMachine.Open(archive, "test");
        Assert.Equal(live, LoadPlanReport.ToText(CrashLoadPlanner.Plan(TestPlans.Request() with { Machine = saved.Describe() })));
        Assert.Contains("broken", live, StringComparison.Ordinal);
        Assert.Equal("6.1.0-56-amd64", saved.Status().Release);
        Assert.Equal("integrity", saved.Status().Lockdown);
        Assert.Contains("proc/kcore", files);
    }

    [Fact]
    public void A_machine_whose_addresses_are_hidden_is_not_saved()
    {
        using var tree = new MachineTree();
        tree.Write("proc/iomem", "00000000-00000000 : System RAM\n");
        Assert.Throws<DiagnosticException>(() => SavedMachine.Record(tree.Root, out _));
    }

    [Fact]
    public void Cpio_lists_and_unpacks_it_and_what_cpio_packs_is_read()
    {
        using var tree = new MachineTree();
        string archive = Path.Combine(tree.Root, "machine");
        File.WriteAllBytes(archive, SavedMachine.Record(tree.Root, out _));
        string listed = Tool.Run("sh", "-c", $"cpio -t --quiet <{archive}");
        Assert.Contains("proc/iomem\n", listed, StringComparison.Ordinal);
        Assert.Contains("sys/devices/system/cpu/cpu1\n", listed, StringComparison.Ordinal);
        Assert.Equal(MachineTree.Iomem, Tool.Run("sh", "-c", $"cpio -i --quiet --to-stdout proc/iomem <{archive}"));
        string packed = Path.Combine(tree.Root, "packed");
        Tool.Run("sh", "-c", $"cd {tree.Root} && find ./proc ./sys | cpio -o -H newc --quiet >{packed}");
        MachineDescription machine = SavedMachine.Open(File.ReadAllBytes(packed), packed).Describe();
        Assert.Equal(2, machine.CpuNotes.Count);
    }

    [Fact]
    public void A_damaged_archive_is_told_or_read_but_never_a_crash()
    {
        using var tree = new MachineTree();
        byte[] good = SavedMachine.Record(tree.Root, out _);
        var random = new Random(20261122);
        for (int round = 0; round < 3000; round++)
        {
            byte[] bytes = round % 3 == 0 ? good[..random.Next(good.Length)] : [.. good];
            for (int change = random.Next(4); change >= 0 && bytes.Length > 0; change--)
            {
                int at = round % 2 == 0 ? random.Next(bytes.Length) : random.Next(Math.Min(bytes.Length, 4096));
                bytes[at] = (byte)random.Next(256);
            }

            try
            {
                SavedMachine machine = SavedMachine.Open(bytes, "test");
                machine.Status();
                machine.Describe();
            }
            catch (DiagnosticException)
            {
                // Told.
            }
        }
    }

    [Fact]
    public void What_is_no_archive_is_refused_with_its_name()
    {
        DiagnosticException refusal = Assert.Throws<DiagnosticException>(() => SavedMachine.Open(new byte[600].AsMemory()[..511], "web1"));
        Assert.Contains("web1", refusal.Message, StringComparison.Ordinal);
    }
}
