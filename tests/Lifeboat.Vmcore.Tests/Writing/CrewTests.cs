using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Writing;

public sealed class CrewTests
{
    [Fact]
    public void Each_number_works_once_and_number_0_is_the_caller()
    {
        int caller = Environment.CurrentManagedThreadId;
        int[] threads = new int[4];
        Crew.Run(4, number => threads[number] = Environment.CurrentManagedThreadId, static () => { });
        Assert.Equal(caller, threads[0]);
        Assert.Equal(4, threads.Distinct().Count());
    }

    [Fact]
    public void What_one_throws_stops_the_others_and_is_thrown_to_the_caller()
    {
        using var stopped = new ManualResetEventSlim();
        Assert.Throws<InvalidDataException>(() => Crew.Run(
            3,
            number =>
            {
                if (number == 1)
                {
                    throw new InvalidDataException("broken");
                }

                stopped.Wait(TestContext.Current.CancellationToken);
            },
            stopped.Set));
    }
}
