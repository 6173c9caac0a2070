using System.Globalization;
using System.Text;
using Lifeboat.Capture.Interop;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Watchdogs;

/// <summary>A watchdog through its device, <c>/dev/watchdog0</c>.</summary>
/// <remarks>
/// Opening starts it; a process that dies with it open leaves it running, so that the machine is reset.
/// <para><b>Thread safety.</b> Safe: what is stopped on one thread is told nothing more by another.</para>
/// </remarks>
internal sealed class WatchdogDevice : IHardwareWatchdog
{
    // One whose time is not known is told every second.
    private const int UnknownSeconds = 3;

    // The kernel's own limit of them is 32.
    private const int MostDevices = 8;

    private const int Closed = -1;

    private const string Unnumbered = "/dev/watchdog";

    private readonly Lock _gate = new();
    private int _descriptor;

    private WatchdogDevice(int descriptor, string name, TimeSpan timeout)
    {
        _descriptor = descriptor;
        Name = name;
        Timeout = timeout;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public TimeSpan Timeout { get; }

    /// <summary>
    /// Opens all that there are: each may be one that the crashed kernel has left running. An old driver's device (IPMI's) has no
    /// number; where all are new, the name without one is that of the first.
    /// </summary>
    /// <param name="wanted">How long they are to wait; one that cannot wait so long waits half of it, or a quarter, and so on.</param>
    /// <param name="tell">Told of one that is there and refuses.</param>
    internal static IReadOnlyList<IHardwareWatchdog> OpenAll(TimeSpan wanted, Action<string> tell)
    {
        var found = new List<IHardwareWatchdog>();
        for (int number = 0; number < MostDevices; number++)
        {
            Open($"/dev/watchdog{number.ToString(CultureInfo.InvariantCulture)}");
        }

        Open(Unnumbered);
        return found;

        void Open(string path)
        {
            int descriptor = LibC.Open(path, LibC.OpenWriteOnly | LibC.OpenCloseOnExec);
            if (descriptor >= 0)
            {
                found.Add(Of(descriptor, wanted));
            }
            else if (LastErrno.Get() is not (Errno.ENOENT or Errno.ENODEV or Errno.ENXIO) and Errno errno
                && !(errno == Errno.EBUSY && path == Unnumbered && found.Count > 0))
            {
                tell($"the watchdog {path} cannot be had: {errno}");
            }
        }
    }

    /// <summary>Settles on a timeout with a driver that may know lower ones only.</summary>
    /// <param name="wanted">The wanted one, in seconds.</param>
    /// <param name="trySet">Sets one; gives what the driver has made of it, or null when it refuses.</param>
    /// <returns>What was set; null when the driver takes none.</returns>
    internal static int? Settle(int wanted, Func<int, int?> trySet)
    {
        for (int seconds = wanted; seconds > 0; seconds /= 2)
        {
            if (trySet(seconds) is { } settled)
            {
                return settled;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public void Pet()
    {
        lock (_gate)
        {
            Write((byte)'.');
        }
    }

    /// <inheritdoc/>
    public unsafe bool TryStop()
    {
        lock (_gate)
        {
            // Safety: the call reads an int, which is a local of this method.
            int off = LibC.WatchdogOff;
            if (LibC.Control(_descriptor, LibC.WatchdogSetOptions, &off) != 0 && LastErrno.Get() == Errno.EBUSY)
            {
                return false; // nowayout
            }

            // Drivers that do not know the call know this letter.
            Write((byte)'V');
            _ = LibC.Close(_descriptor);
            _descriptor = Closed;
            return true;
        }
    }

    private static unsafe WatchdogDevice Of(int descriptor, TimeSpan wanted)
    {
        // Safety: the kernel writes a struct of this size.
        byte* info = stackalloc byte[LibC.WatchdogInfoSize];
        string name = "watchdog";
        if (LibC.Control(descriptor, LibC.WatchdogGetSupport, info) == 0)
        {
            ReadOnlySpan<byte> identity = new(info + LibC.WatchdogIdentity, LibC.WatchdogInfoSize - LibC.WatchdogIdentity);
            int end = identity.IndexOf((byte)0);
            name = Encoding.ASCII.GetString(end < 0 ? identity : identity[..end]);
        }

        int seconds = Settle((int)wanted.TotalSeconds, value => Ask(descriptor, LibC.WatchdogSetTimeout, value))
            ?? Ask(descriptor, LibC.WatchdogGetTimeout, 0) ?? 0;
        return new WatchdogDevice(descriptor, name, TimeSpan.FromSeconds(seconds > 0 ? seconds : UnknownSeconds));
    }

    // Safety: the call reads and writes an int, which is a local of this method.
    private static unsafe int? Ask(int descriptor, nuint request, int value) =>
        LibC.Control(descriptor, request, &value) == 0 ? value : null;

    private unsafe void Write(byte letter) => _ = LibC.Write(_descriptor, &letter, 1);
}
