namespace Lifeboat.Drill.Tests.TestSupport;

/// <summary>Keeps what a drill tells.</summary>
internal sealed class EventList : IProgress<DrillEvent>
{
    internal List<DrillEvent> Events { get; } = [];

    public void Report(DrillEvent value) => Events.Add(value);
}
