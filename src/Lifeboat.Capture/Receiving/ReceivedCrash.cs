namespace Lifeboat.Capture.Receiving;

/// <summary>A crash that came to its end.</summary>
/// <param name="Folder">Where it is.</param>
/// <param name="IsComplete">Whether everything was saved, and arrived.</param>
public sealed record ReceivedCrash(string Folder, bool IsComplete);
