using Lifeboat.Core.Sealing;

namespace Lifeboat.Capture.Stores;

/// <summary>A file that is sealed on its way to another store's.</summary>
internal sealed class SealedFile(CrashFileStream file, IReadOnlyList<AgeRecipient> recipients) : CrashFileStream
{
    private readonly SealingStream _seal = new(file, recipients, leaveOpen: true);

    public override void Write(ReadOnlySpan<byte> buffer) => _seal.Write(buffer);

    public override StoredFile Commit()
    {
        _seal.Finish();
        return file.Commit();
    }

    protected override void Dispose(bool disposing)
    {
        _seal.Dispose();
        file.Dispose();
        base.Dispose(disposing);
    }
}
