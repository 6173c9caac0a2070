using System.Globalization;

namespace Lifeboat.Vmcore.Tests.TestSupport;

/// <summary>Many damaged copies of some samples, each used in every way.</summary>
internal static class MutationRun
{
    private const int FilterEvery = 37;

    /// <summary>Copies for each format; fewer when LIFEBOAT_TEST_MUTATIONS says so.</summary>
    internal static int Count { get; } = int.TryParse(
        Environment.GetEnvironmentVariable("LIFEBOAT_TEST_MUTATIONS"), NumberStyles.None, CultureInfo.InvariantCulture,
        out int count) ? count : 100_000;

    /// <summary>Damages one of the samples for each seed; some can still be opened, and some cannot.</summary>
    /// <param name="samples">Taken in turn.</param>
    /// <param name="open">Opens the damaged sample with a number, of which a length is left.</param>
    internal static void Run(IReadOnlyList<HostileSample> samples, Func<int, int, DumpSource> open)
    {
        Damage[] damages = [.. samples.Select(static sample => new Damage(sample))];
        int opened = 0;
        for (int seed = 0; seed < Count; seed++)
        {
            int which = seed % damages.Length;
            Damage damage = damages[which];
            damage.Apply(seed);
            int length = damage.Length;
            try
            {
                opened += DumpProbe.Survives(() => open(which, length), seed % FilterEvery == 0 ? seed / FilterEvery : null) ? 1 : 0;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"sample {which}, seed {seed}: {e.Message}", e);
            }

            damage.Mend();
        }

        Assert.InRange(opened, Count / 20, Count - (Count / 100));
    }

    internal static void Run(IReadOnlyList<HostileSample> samples) =>
        Run(samples, (which, length) => DumpProbe.Open(samples[which].File, length));
}
