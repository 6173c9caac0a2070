using System.Text.Json;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Reporting;
using Lifeboat.Kexec.Status;
using Lifeboat.Kexec.Tests.Support;

namespace Lifeboat.Kexec.Tests.Reporting;

public sealed class ReportTests
{
    [Fact]
    public void A_plan_reads_as_text()
    {
        const string Expected = """
            Kernel       vmlinuz-test (6.1.0-test (builder@host) #1 SMP)
            Reservation  [0x77000000, 0x7f000000)  128 MiB, 125.9 MiB free
            Entry point  0x7eff5000 (purgatory)

            Segments
              #  range                     memory  content  what
              0  [0x77000000, 0x77200000)  2 MiB   4096 B   kernel
              1  [0x7eff3000, 0x7eff5000)  8 KiB   5000 B   ramdisk
              2  [0x7eff5000, 0x7effd000)  32 KiB  21760 B  purgatory
              3  [0x7effd000, 0x7efff000)  8 KiB   4140 B   boot parameters
              4  [0x7efff000, 0x7f000000)  4 KiB   400 B    ELF core header

            Memory map of the capture kernel
              [0x0, 0x1000)             4 KiB    reserved
              [0x1000, 0x9fc00)         635 KiB  RAM
              [0x9fc00, 0xa0000)        1 KiB    reserved
              [0xf0000, 0x100000)       64 KiB   reserved
              [0x77000000, 0x7efff000)  128 MiB  RAM
              [0x7ffda000, 0x7fffb000)  132 KiB  reserved
              [0x7fffb000, 0x7ffff000)  16 KiB   ACPI tables
              [0x7ffff000, 0x80000000)  4 KiB    ACPI non-volatile storage
              [0xfec00000, 0xfec00400)  1 KiB    reserved

            Memory in the dump
              [0x100000, 0x77000000)    1.9 GiB
              [0x7f000000, 0x7ffda000)  15.9 MiB

            Command line
              console=ttyS0 nokaslr elfcorehdr=0x7efff000

            """;
        Assert.StartsWith(Expected, LoadPlanReport.ToText(TestPlans.Plan()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_s_text_has_the_command_line_the_rules_and_the_notices()
    {
        string text = LoadPlanReport.ToText(
            TestPlans.Plan() with { Notices = KexecStatus.Read("/nonexistent").Problems });
        Assert.Contains("\n  console=ttyS0 nokaslr elfcorehdr=0x7efff000\n", text, StringComparison.Ordinal);
        Assert.Contains("holds      no-overlap", text, StringComparison.Ordinal);
        Assert.Contains("LB4040", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_s_JSON_has_the_same()
    {
        using JsonDocument document = JsonDocument.Parse(LoadPlanReport.ToJson(TestPlans.Plan()));
        JsonElement root = document.RootElement;
        Assert.Equal("0x7eff5000", root.GetProperty("entryPoint").GetString());
        Assert.Equal("0x3e0001", root.GetProperty("flags").GetString());
        Assert.Equal(128u << 20, root.GetProperty("reservation").GetProperty("bytes").GetUInt32());
        Assert.Equal(5, root.GetProperty("segments").GetArrayLength());
        Assert.Equal("kernel", root.GetProperty("segments")[0].GetProperty("name").GetString());
        Assert.Equal("RAM", root.GetProperty("memoryMap")[1].GetProperty("type").GetString());
        JsonElement rule = root.GetProperty("rules").EnumerateArray()
            .Single(rule => rule.GetProperty("name").GetString() == "entry-in-reservation");
        Assert.Equal(("EADDRNOTAVAIL", "holds"), (rule.GetProperty("errno").GetString(), rule.GetProperty("verdict").GetString()));
    }

    [Fact]
    public void A_status_reads_as_text_with_the_verdict_first()
    {
        var status = new KexecStatus
        {
            Release = "6.1.0",
            KernelHasKexec = true,
            CrashImageLoaded = true,
            ReservationSize = ByteCount.FromMiB(128),
            Reservations = [TestPlans.Range(0x77000000, 0x7f000000)],
            Road = new PanicRoad([new PanicRoadRow("oops", "oops", PanicOutcome.Captured, "kernel.panic_on_oops = 1", null)], []),
        };
        string text = KexecStatusReport.ToText(status);
        Assert.StartsWith("Armed:", text, StringComparison.Ordinal);
        Assert.Contains("[0x77000000, 0x7f000000)  128 MiB", text, StringComparison.Ordinal);
        Assert.Contains("  oops  captured  kernel.panic_on_oops = 1", text, StringComparison.Ordinal);
        Assert.StartsWith(
            "Not armed:", KexecStatusReport.ToText(status with { CrashImageLoaded = false }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_status_s_JSON_has_null_for_what_is_unknown()
    {
        using JsonDocument document = JsonDocument.Parse(
            KexecStatusReport.ToJson(new KexecStatus { CrashImageLoaded = true, KernelHasKexec = true }));
        Assert.True(document.RootElement.GetProperty("armed").GetBoolean());
        Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty("lockdown").ValueKind);
    }
}
