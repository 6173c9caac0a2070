namespace Lifeboat.Cli.Personalities.Getopt;

/// <summary>An option of a program that reads its command line with the C library's getopt_long.</summary>
/// <param name="Name">As it is typed: <c>-d</c> or <c>--split</c>.</param>
/// <param name="TakesValue">Whether a value follows it.</param>
internal sealed record GetoptOption(string Name, bool TakesValue = false);
