using System.Runtime.InteropServices;

namespace Lifeboat.Capture.Interop;

/// <content>Calls for watchdogs (linux/watchdog.h).</content>
internal static partial class LibC
{
    internal const int OpenWriteOnly = 1;

    // struct watchdog_info: options, firmware version, identity.
    internal const int WatchdogInfoSize = 40;
    internal const int WatchdogIdentity = 8;

    internal const nuint WatchdogGetSupport = 0x80285700;
    internal const nuint WatchdogSetOptions = 0x80045704;
    internal const nuint WatchdogSetTimeout = 0xC0045706;
    internal const nuint WatchdogGetTimeout = 0x80045707;

    // WDIOS_DISABLECARD
    internal const int WatchdogOff = 1;

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    internal static unsafe partial int Control(int descriptor, nuint request, void* argument);
}
