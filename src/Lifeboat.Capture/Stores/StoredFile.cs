namespace Lifeboat.Capture.Stores;

/// <summary>A file that a store has taken.</summary>
/// <param name="Name">The name it has there, which may differ from the one asked for.</param>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Sha256">The SHA-256 of what is stored, in hex.</param>
public sealed record StoredFile(string Name, long Bytes, string Sha256);
