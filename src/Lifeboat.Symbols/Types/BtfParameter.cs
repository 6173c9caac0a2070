namespace Lifeboat.Symbols.Types;

/// <summary>A parameter of a function.</summary>
/// <param name="Name">Its name; may be empty.</param>
/// <param name="TypeId">Its type; 0 in the last place stands for <c>...</c>.</param>
public sealed record BtfParameter(string Name, int TypeId);
