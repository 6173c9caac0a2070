namespace Lifeboat.Cli.Output;

/// <summary>The pages of one class.</summary>
/// <param name="Name">The class.</param>
/// <param name="Pages">Pages of 4 KiB.</param>
/// <param name="ZeroShare">How many of a sample held only zeros, of 1.</param>
/// <param name="PackedPageBytes">The mean size of the others when packed.</param>
internal sealed record EstimatedClass(string Name, ulong Pages, double ZeroShare, ulong PackedPageBytes);
