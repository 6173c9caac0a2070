using System.Globalization;
using System.Text;
using Lifeboat.Capture.Streams;
using Lifeboat.Capture.Targets;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Receiving;

/// <summary>
/// The receiving end of a crash that comes over one connection, usually ssh's: each file is made durable before it is
/// acknowledged, and what comes leads nowhere but into one new folder.
/// </summary>
/// <remarks>
/// <para><b>A second connection</b> that shows the number of a stream whose connection was cut goes on in the same folder. The
/// number is random, so that who may send crashes cannot reach into those of others.</para>
/// <para><b>Thread safety.</b> One thread.</para>
/// </remarks>
public sealed class ReceiveSession
{
    private const int MaxFolders = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // A connection that was cut may be noticed late on this side.
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(20);

    private readonly string _parent;
    private readonly UnpackOptions _options;
    private readonly Stream _answers;
    private readonly TimeProvider _time;

    /// <summary>A session for one connection.</summary>
    /// <param name="parent">The folder of all dumps.</param>
    /// <param name="options">How and how much to take.</param>
    /// <param name="answers">Takes the answers, a line each.</param>
    /// <param name="time">Measures waiting.</param>
    public ReceiveSession(string parent, UnpackOptions options, Stream answers, TimeProvider time)
    {
        _parent = parent;
        _options = options;
        _answers = answers;
        _time = time;
    }

    /// <summary>Takes one crash.</summary>
    /// <returns>The folder with its last name, and whether it has everything; null when the connection ended before the crash did,
    /// and the folder waits for another.</returns>
    /// <exception cref="DiagnosticException">What comes is no crash stream.</exception>
    /// <exception cref="IOException">The connection fails, or the folder cannot be made.</exception>
    /// <exception cref="KernelInterfaceException">The folder cannot be made.</exception>
    public ReceivedCrash? Run(Stream input, CancellationToken cancellationToken = default)
    {
        Answer(ReceiveProtocol.Greeting);
        try
        {
            var reader = CrashStreamReader.Open(input, "what came over the connection");
            (DumpFolder folder, ReceiveJournal journal) = FindFolder(reader.Header, cancellationToken);
            using (journal)
            {
                return Take(reader, folder, journal, cancellationToken);
            }
        }
        catch (Exception error) when (error is DiagnosticException or IOException or KernelInterfaceException or UnauthorizedAccessException)
        {
            TellError(error);
            throw;
        }
    }

    private ReceivedCrash? Take(CrashStreamReader reader, DumpFolder folder, ReceiveJournal journal, CancellationToken cancellationToken)
    {
        Answer($"{ReceiveProtocol.Folder} {Path.GetFileNameWithoutExtension(folder.Path)}");
        foreach (string file in journal.Files)
        {
            Answer($"{ReceiveProtocol.Have} {file}");
        }

        Answer(ReceiveProtocol.Ready);
        var unpacker = new CrashUnpacker(folder, _options) { Stored = file => Acknowledge(file, journal) };
        bool isWhole = unpacker.Run(reader, cancellationToken);
        if (reader.IsComplete is null)
        {
            return null;
        }

        if (!isWhole)
        {
            unpacker.MarkIncomplete("not everything arrived whole");
        }

        journal.Remove();
        folder.Publish(isWhole);
        Answer($"{ReceiveProtocol.Published} {Path.GetFileName(folder.Path)}");
        return new ReceivedCrash(folder.Path, isWhole);
    }

    private void Acknowledge(UnpackedFile file, ReceiveJournal journal)
    {
        if (file.Problem is not null)
        {
            Answer($"{ReceiveProtocol.Failed} {file.StoredAs} {ReceiveProtocol.OnOneLine(file.Problem)}");
            return;
        }

        journal.Add(file);
        Answer($"{ReceiveProtocol.Stored} {file.StoredAs} {file.Bytes.ToString(CultureInfo.InvariantCulture)} {file.Sha256}");
    }

    private (DumpFolder Folder, ReceiveJournal Journal) FindFolder(CrashStreamHeader header, CancellationToken cancellationToken)
    {
        string name = DumpFolder.NameOf(header.Time, header.Host);
        for (int attempt = 1; attempt < MaxFolders; attempt++)
        {
            string path = Path.Combine(_parent, $"{name}{(attempt == 1 ? "" : $"-{attempt}")}{DumpFolder.PartialSuffix}");
            if (Directory.Exists(path) && Resume(path, header.Id, cancellationToken) is { } journal)
            {
                CrashUnpacker.KeepRemains(path);
                return (DumpFolder.Resume(path), journal);
            }
        }

        var folder = DumpFolder.Create(_parent, header.Time, header.Host);
        return (folder, ReceiveJournal.Create(folder, header.Id));
    }

    private ReceiveJournal? Resume(string path, long streamId, CancellationToken cancellationToken)
    {
        long start = _time.GetTimestamp();
        while (true)
        {
            try
            {
                return ReceiveJournal.TryResume(path, streamId);
            }
            catch (IOException) when (_time.GetElapsedTime(start) < LockPatience)
            {
                cancellationToken.WaitHandle.WaitOne(Pause);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    private void TellError(Exception error)
    {
        try
        {
            Answer($"{ReceiveProtocol.Error} {ReceiveProtocol.OnOneLine(CaptureRun.Words(error))}");
        }
        catch (IOException)
        {
            // Nobody listens any more; the caller tells it here.
        }
    }

    private void Answer(string line)
    {
        _answers.Write(Encoding.UTF8.GetBytes(line + '\n'));
        _answers.Flush();
    }
}
