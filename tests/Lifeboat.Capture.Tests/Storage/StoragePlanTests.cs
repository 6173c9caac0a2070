using System.Text;
using Lifeboat.Capture.Storage;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Tests.Storage;

public sealed class StoragePlanTests
{
    private const string Text = """
        target UUID=2f5b9c1e-0d3a-4c57-9d0e-3f1f4c6b8a11
        step the array md127 of mdraid
        member 2 linux_raid_member 0b1f
        program /usr/sbin/mdadm
        argument --assemble
        argument 
        step the volume vg/crash of LVM
        program /usr/sbin/lvm
        argument a { b=0 }
        target /dev/mapper/vg-crash

        """;

    [Fact]
    public void A_plan_is_the_same_after_it_was_written_and_read()
    {
        IReadOnlyList<StoragePlan> plans = StoragePlan.ParseAll(Text, "x");
        Assert.Equal(Text, string.Concat(plans.Select(plan => plan.ToText())));
        Assert.Equal(["--assemble", ""], plans[0].Steps[0].Arguments);
        Assert.Equal("a { b=0 }", plans[0].Steps[1].Arguments[0]);
        Assert.Same(plans[1], StoragePlan.For(plans, "/dev/mapper/vg-crash"));
        Assert.Null(StoragePlan.For(plans, "LABEL=x"));
    }

    [Theory]
    [InlineData("step a", "x:1")]
    [InlineData("target a\nprogram /b", "x:2")]
    [InlineData("target a\nstep b\nprogram c", "x:3")]
    [InlineData("target a\nstep b\nmember 0 c d", "x:3")]
    [InlineData("target a\nstep b\nmember 65 c d", "x:3")]
    [InlineData("target a\nstep b\nmember 1 c", "x:3")]
    [InlineData("target a\nstep b\nargument c", "x:3")]
    [InlineData("target a\nstep b\nstep c", "x:3")]
    [InlineData("target a\nstep b\nprogram /c\nmember 1 d e", "x:4")]
    [InlineData("target a\nhello", "x:2")]
    public void A_line_out_of_its_place_is_refused_with_its_number(string text, string where) =>
        Assert.Equal(where, Assert.Throws<DiagnosticException>(() => StoragePlan.ParseAll(text, "x")).Diagnostics[0].Where);

    [Fact]
    public void Nothing_grows_without_end()
    {
        foreach (string text in (string[])[
            string.Concat(Enumerable.Repeat("target a\n", 65)),
            "target a\n" + string.Concat(Enumerable.Repeat("step b\nprogram /c\n", 66)),
            "target a\nstep b\nprogram /c\n" + string.Concat(Enumerable.Repeat("argument d\n", 65)),
            new string('\n', 300_000)])
        {
            Assert.Equal(CaptureDiagnostics.BadStoragePlan, Assert.Throws<DiagnosticException>(() => StoragePlan.ParseAll(text, "x")).Diagnostics[0].Id);
        }
    }

    [Fact]
    public void Damaged_plans_are_refused_in_one_way()
    {
        foreach (byte[] damaged in Mutations.Of(Encoding.UTF8.GetBytes(Text), 5000, seed: 4))
        {
            try
            {
                Assert.All(StoragePlan.ParseAll(Encoding.UTF8.GetString(damaged), "x"), static plan => Assert.All(
                    plan.Steps, static step => Assert.StartsWith("/", step.Program, StringComparison.Ordinal)));
            }
            catch (DiagnosticException error)
            {
                Assert.Equal(CaptureDiagnostics.BadStoragePlan, error.Diagnostics[0].Id);
            }
        }
    }
}
