using Lifeboat.Capture.Settings;
using Lifeboat.Core.Sealing;

namespace Lifeboat.Capture.Stores;

/// <summary>
/// Another store, whose files are sealed to public keys (age) before it gets them: <c>dmesg.txt.age</c>. The machine that
/// wrote them cannot open them.
/// </summary>
public sealed class SealedStore(CrashStore store, IReadOnlyList<AgeRecipient> recipients) : CrashStore
{
    /// <summary>The ending of a sealed file.</summary>
    public const string Suffix = ".age";

    /// <inheritdoc/>
    public override string Location => store.Location;

    /// <inheritdoc/>
    public override bool CanReplace => store.CanReplace;

    /// <inheritdoc/>
    public override void Begin(DateTimeOffset time, string host) => store.Begin(time, host);

    /// <inheritdoc/>
    public override string NameOf(string name) => store.NameOf(name + Suffix);

    /// <inheritdoc/>
    public override CrashFileStream Create(string name) => new SealedFile(store.Create(name + Suffix), recipients);

    /// <summary>Opens a file that is not sealed: nothing of the machine's may be in it.</summary>
    /// <param name="name">Its name.</param>
    public CrashFileStream CreateOpen(string name) => store.Create(name);

    /// <inheritdoc/>
    public override long? Kept(string name) => store.Kept(name + Suffix);

    /// <inheritdoc/>
    public override long? Room => store.Room;

    /// <inheritdoc/>
    public override long? LargestFile => store.LargestFile;

    /// <inheritdoc/>
    public override bool Cut(string name, long bytes) => store.Cut(name + Suffix, bytes);

    /// <inheritdoc/>
    public override void Reserve(int bytes) => store.Reserve(bytes);

    /// <inheritdoc/>
    public override void Release() => store.Release();

    /// <inheritdoc/>
    public override IReadOnlyList<string> RemoveOlder(string host, CaptureBudget budget, DateTimeOffset now) =>
        store.RemoveOlder(host, budget, now);

    /// <inheritdoc/>
    public override void Publish(bool complete) => store.Publish(complete);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        store.Dispose();
        base.Dispose(disposing);
    }
}
