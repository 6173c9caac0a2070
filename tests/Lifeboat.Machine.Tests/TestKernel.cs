namespace Lifeboat.Machine.Tests;

/// <summary>An unpacked Debian kernel.</summary>
internal sealed record TestKernel(string Release, string Image, string Modules, string Config);
