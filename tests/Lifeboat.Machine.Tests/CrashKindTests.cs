using System.Text.Json;

namespace Lifeboat.Machine.Tests;

/// <summary>Crashes of every kind that a drill can cause: the report must say the kind and the place as they were caused.</summary>
public sealed class CrashKindTests
{
    [Theory]
    [InlineData("wild", "Oops", "lifeboat_read_wild")]
    [InlineData("bug", "Bug", "lifeboat_bug")]
    [InlineData("divide", "Oops", "lifeboat_divide")]
    [InlineData("soft-lockup", "SoftLockup", "lifeboat_lock_twice")]
    public void A_fault_in_a_module_is_told_with_its_instruction(string crash, string kind, string function)
    {
        if (kind == "Oops")
        {
            TestMachine.RequireNightly();
        }

        JsonElement report = Drill("6.1", crash);
        JsonElement site = report.GetProperty("site");
        Assert.Equal(kind, report.GetProperty("kind").GetString());
        Assert.Contains(Frames(site), frame => frame.StartsWith(function + "+", StringComparison.Ordinal));
        Assert.True(site.GetProperty("isInstruction").GetBoolean());
        Assert.Contains("<", site.GetProperty("code").GetString()!, StringComparison.Ordinal);
        Assert.Equal("lb-crash", report.GetProperty("command").GetString());
        Assert.Contains("lifeboat_crash", report.GetProperty("modules")[0].GetProperty("name").GetString()!, StringComparison.Ordinal);
        Assert.Contains("out of the kernel's tree", report.GetProperty("taintMeaning").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_null_pointer_has_one_name_in_any_boot_on_any_number_of_cpus_and_with_any_kernel()
    {
        var names = new HashSet<string>();
        (string Series, string Cpus)[] boots = [("5.10", "2"), ("6.1", "1"), ("7.2", "2"), ("6.1", "2"), ("6.12", "2")];
        foreach ((string series, string cpus) in boots.Take(TestMachine.Times(2, boots.Length)))
        {
            JsonElement report = Drill(series, "null", "--cpus", cpus);
            JsonElement site = report.GetProperty("site");
            Assert.Equal("NullDereference", report.GetProperty("kind").GetString());
            Assert.StartsWith("lifeboat_write_null+0x2/", site.GetProperty("place").GetString()!, StringComparison.Ordinal);
            Assert.Contains("<c7> 40 10 01 00 00 00", site.GetProperty("code").GetString()!, StringComparison.Ordinal);
            Assert.Equal("0x10", site.GetProperty("faultAddress").GetString());
            Assert.Contains("NULL", site.GetProperty("faultAddressIs").GetString()!, StringComparison.Ordinal);
            Assert.Contains(site.GetProperty("registers").EnumerateArray(), register =>
                register.GetProperty("name").GetString() == "rax" && register.GetProperty("value").GetString() == "0000000000000000");
            names.Add(report.GetProperty("signature").GetString()!);
        }

        Assert.Single(names);
    }

    [Fact]
    public void A_hung_task_is_told_by_the_task_that_hung_and_not_by_who_noticed_it()
    {
        JsonElement report = Drill("6.1", "hung-task");
        JsonElement site = report.GetProperty("site");
        Assert.Equal("HungTask", report.GetProperty("kind").GetString());
        Assert.Equal("khungtaskd", report.GetProperty("command").GetString());
        Assert.Equal("lb-crash", site.GetProperty("task").GetProperty("command").GetString());
        Assert.Contains(Frames(site), frame => frame.StartsWith("percpu_rwsem_wait+", StringComparison.Ordinal));
        Assert.Contains(report.GetProperty("blocked").EnumerateArray(), task =>
            task.GetProperty("command").GetString() == "lb-crash" && task.GetProperty("seconds").GetDouble() >= 2);
    }

    [Theory]
    [InlineData("oom", "OutOfMemory")]
    [InlineData("nmi", "Nmi")]
    [InlineData("mce", "MachineCheck")]
    public void Other_kinds_are_told_as_they_were_caused(string crash, string kind)
    {
        JsonElement report = Drill("6.1", crash, "--memory", "512M");
        Assert.Equal(kind, report.GetProperty("kind").GetString());
        Assert.NotEqual("", report.GetProperty("signature").GetString());
    }

    private static IEnumerable<string> Frames(JsonElement site) =>
        site.GetProperty("frames").EnumerateArray().Select(frame => frame.GetString()!);

    private static JsonElement Drill(string series, string crash, params string[] options) =>
        DrillResult.Run(TestMachine.Kernel(series), ["--crash", crash, .. options]).MustEndWith(0).Document.GetProperty("crash");
}
