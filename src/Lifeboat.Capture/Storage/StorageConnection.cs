namespace Lifeboat.Capture.Storage;

/// <summary>How a disk that another host gives is connected to.</summary>
/// <param name="Host">The host's address.</param>
/// <param name="Arguments">What does it: the arguments of <c>iscsistart</c>, or the options that <see cref="NvmeFabrics.Device"/> takes.</param>
public sealed record StorageConnection(string Host, IReadOnlyList<string> Arguments);
