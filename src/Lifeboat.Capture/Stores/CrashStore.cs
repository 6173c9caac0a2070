using Lifeboat.Capture.Settings;

namespace Lifeboat.Capture.Stores;

/// <summary>
/// Where the files of one crash go: a folder of a mounted filesystem, a disk without one, another machine. It is opened
/// for one target; its files come tier by tier, each durable before the next begins.
/// </summary>
/// <remarks>
/// <code>
/// Begin            the crash has its place: nothing that was there before is touched
/// Create, Commit   a file after another, log before report before dump; the manifest comes last, and more than once
///                  where a file can be replaced
/// Publish          the place says that it is whole, or that it is not
/// </code>
/// <para><b>Errors.</b> Whatever a store cannot do it throws as <see cref="Core.Diagnostics.DiagnosticException"/>,
/// <see cref="Core.Diagnostics.KernelInterfaceException"/> or <see cref="IOException"/>: the tier fails, and the caller goes
/// on with the next tier or the next target. Every wait ends: by a limit of the store's own, or by the token it was opened
/// with.</para>
/// <para><b>Thread safety.</b> One thread; one file open at a time.</para>
/// </remarks>
public abstract class CrashStore : IDisposable
{
    /// <summary>Where the crash's files are, as a person would look for them: a path, a URL.</summary>
    public abstract string Location { get; }

    /// <summary>
    /// The folder of this machine that the files lie in, where they can be written out of order and read back; null when
    /// they go elsewhere.
    /// </summary>
    public virtual string? Folder => null;

    /// <summary>Whether a file that is stored can be stored again, as the manifest is.</summary>
    public virtual bool CanReplace => true;

    /// <summary>The room that is left, in bytes; null when nobody can say.</summary>
    public virtual long? Room => null;

    /// <summary>Bytes that one file can have there; null for no limit that is known.</summary>
    public virtual long? LargestFile => null;

    /// <summary>Makes the place of the crash, durable.</summary>
    /// <param name="time">When the crash happened.</param>
    /// <param name="host">The host's name; out of a crashed machine's memory, so it may be anything.</param>
    public abstract void Begin(DateTimeOffset time, string host);

    /// <summary>The name that a file has here, which the manifest tells.</summary>
    /// <param name="name">What <see cref="Create"/> is given.</param>
    public virtual string NameOf(string name) => name;

    /// <summary>Opens a file that is written from its begin to its end.</summary>
    /// <param name="name">Its name, such as <c>dmesg.txt</c>.</param>
    public abstract CrashFileStream Create(string name);

    /// <summary>How much of a file that was not committed is there all the same, in bytes; null when none, or not known.</summary>
    /// <param name="name">The file's name.</param>
    public virtual long? Kept(string name) => null;

    /// <summary>Cuts the end off a file that is there, to have room for what is worth more.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="bytes">How much.</param>
    /// <returns>False when the store cannot, or there is no such file.</returns>
    public virtual bool Cut(string name, long bytes) => false;

    /// <summary>Sets room aside that <see cref="Release"/> gives back; again is no more.</summary>
    /// <param name="bytes">How much.</param>
    public virtual void Reserve(int bytes)
    {
    }

    /// <summary>Gives the room back that was set aside.</summary>
    public virtual void Release()
    {
    }

    /// <summary>Removes a host's older crashes, where a budget says so and the store can.</summary>
    /// <param name="host">The host's name.</param>
    /// <param name="budget">How many are kept, and for how long.</param>
    /// <param name="now">The time.</param>
    /// <returns>The names of those that are gone.</returns>
    public virtual IReadOnlyList<string> RemoveOlder(string host, CaptureBudget budget, DateTimeOffset now) => [];

    /// <summary>Says that nothing follows, durable.</summary>
    /// <param name="complete">Whether everything was saved.</param>
    public abstract void Publish(bool complete);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of connections and devices; what is not published stays marked as not whole.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
