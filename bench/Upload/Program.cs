using System.Diagnostics;
using System.Net;
using Lifeboat.Capture.Http;
using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Stores;
using Lifeboat.Capture.Stores.Upload;

// Sends a file to a server on loopback as a capture does: Upload FILE TARGET..., the target as the settings write it.
// Prints the seconds that the file took, without the program's start.
var target = (UploadTarget)CaptureSettings.Parse(string.Join(' ', args[1..]), "target").Targets[0];
using HttpStore store = UploadStores.Open(
    target, [IPAddress.Loopback], File.ReadAllText, new HttpTimeouts(), TimeProvider.System, CancellationToken.None);
store.Begin(DateTimeOffset.UtcNow, "bench");
using FileStream input = File.OpenRead(args[0]);
long start = Stopwatch.GetTimestamp();
using (CrashFileStream file = store.Create("vmcore.flat"))
{
    byte[] buffer = new byte[1 << 20];
    for (int read; (read = input.Read(buffer)) > 0;)
    {
        file.Write(buffer.AsSpan(0, read));
    }

    file.Commit();
}

Console.WriteLine(Stopwatch.GetElapsedTime(start).TotalSeconds.ToString("0.000", System.Globalization.CultureInfo.InvariantCulture));
