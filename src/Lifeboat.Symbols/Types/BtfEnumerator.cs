namespace Lifeboat.Symbols.Types;

/// <summary>A named value of an enumeration.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value; one of 64 bits that is not signed wraps.</param>
public sealed record BtfEnumerator(string Name, long Value);
