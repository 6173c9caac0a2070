using System.Text.Json;
using Lifeboat.Drill.Inside;
using Lifeboat.TestSupport;

namespace Lifeboat.Drill.Tests.Inside;

public sealed class GuestPlanTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_plan_comes_back_as_it_was()
    {
        var plan = new GuestPlan
        {
            Mode = GuestMode.Probe,
            TargetUuid = Guid.NewGuid(),
            Append = "console=ttyS0 \"quoted\"",
            Seed = ulong.MaxValue,
            UserPages = 1,
            CachePages = 2,
            KernelPages = 3,
            WaitForGo = true,
            FreeBytes = 1 << 20,
            SaveTruth = true,
        };
        Assert.Equal(plan, GuestPlan.Load(_folder.Write("plan", plan.ToBytes())));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"mode":"Nothing"}""")]
    [InlineData("""{"mode":"Drill","append":null}""")]
    [InlineData("""{"mode":"Drill","targetUuid":"x"}""")]
    [InlineData("""{"mode":"Drill""")]
    public void What_is_no_plan_is_refused(string text) =>
        Assert.Throws<JsonException>(() => GuestPlan.Load(_folder.Write("plan", text)));
}
