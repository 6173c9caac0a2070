namespace Lifeboat.Kexec.Reservation;

/// <summary>What a <c>crashkernel=</c> asks for; of each kind the last one counts.</summary>
public enum CrashKernelKind
{
    /// <summary>The reservation, anywhere or at an address: <c>256M</c>, <c>2G-:256M</c>, <c>256M@16M</c>.</summary>
    Main,

    /// <summary>The reservation, above 4 GiB: <c>1G,high</c>.</summary>
    High,

    /// <summary>What is reserved below 4 GiB in addition to one above: <c>128M,low</c>.</summary>
    Low,

    /// <summary>Memory that the running kernel may use until the crash: <c>512M,cma</c>.</summary>
    Cma,
}
