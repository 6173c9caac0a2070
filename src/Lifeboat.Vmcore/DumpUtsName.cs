namespace Lifeboat.Vmcore;

/// <summary>The six fields of <c>struct new_utsname</c>, as a dump's header keeps them.</summary>
/// <param name="SystemName"><c>Linux</c>.</param>
/// <param name="NodeName">The host's name.</param>
/// <param name="Release">The kernel's release, as <c>uname -r</c> prints it.</param>
/// <param name="Version">The kernel's build, as <c>uname -v</c> prints it.</param>
/// <param name="Machine"><c>x86_64</c>.</param>
/// <param name="DomainName">The NIS domain, mostly <c>(none)</c>.</param>
public sealed record DumpUtsName(
    string SystemName, string NodeName, string Release, string Version, string Machine, string DomainName);
