namespace Lifeboat.Capture.Http;

/// <summary>Tries again what failed for a reason that may pass, after pauses that grow, until nothing went forward for too long.</summary>
internal sealed class Retry(HttpServer server, CancellationToken cancellation)
{
    private long _start = server.Clock.GetTimestamp();
    private TimeSpan _pause = server.Timeouts.FirstPause;

    /// <summary>Something went forward: the time counts anew.</summary>
    internal void Progress()
    {
        _start = server.Clock.GetTimestamp();
        _pause = server.Timeouts.FirstPause;
    }

    /// <summary>Does it, until it succeeds or fails for good.</summary>
    /// <exception cref="IOException">It did not succeed in time; the message has the last failure.</exception>
    internal HttpResponse Run(Func<HttpResponse> action)
    {
        Progress();
        for (int tries = 1; ; tries++)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                HttpResponse answer = action();
                if (!answer.IsPassing)
                {
                    return answer;
                }

                throw new TransportException($"{server.Url.Authority}: {answer.Shown}");
            }
            catch (TransportException failure)
            {
                if (server.Clock.GetElapsedTime(_start) + _pause > server.Timeouts.Retry)
                {
                    throw new IOException($"{failure.Message} (given up after {tries} {(tries == 1 ? "try" : "tries")})", failure);
                }
            }

            cancellation.WaitHandle.WaitOne(_pause);
            _pause = _pause * 2 > server.Timeouts.LongestPause ? server.Timeouts.LongestPause : _pause * 2;
        }
    }
}
