namespace Lifeboat.Drill.Tests.TestSupport;

internal static class TestOptions
{
    internal static DrillOptions Default { get; } = new()
    {
        ProgramPath = "/usr/bin/lifeboat",
        CacheFolder = "/nonexistent/cache",
        TemporaryFolder = "/nonexistent/temporary",
        RunningRelease = "6.1.0-fake",
    };
}
