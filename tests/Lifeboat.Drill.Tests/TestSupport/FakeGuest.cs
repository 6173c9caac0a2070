using Lifeboat.Core.Memory;
using Lifeboat.Drill.Guests;

namespace Lifeboat.Drill.Tests.TestSupport;

/// <summary>Guests whose console is what a shell script prints.</summary>
internal static class FakeGuest
{
    internal static GuestMachine Start(string script) => GuestMachine.Start(
        Path.Combine(AppContext.BaseDirectory, "Fakes", "fake-qemu"),
        new GuestConfiguration
        {
            KernelPath = "vmlinuz",
            RamdiskPath = "ramdisk",
            CommandLine = script,
            Memory = ByteCount.FromMiB(512),
            Cpus = 1,

            // An emulated one gets words of its own before the script.
            Accelerator = Accelerator.Kvm,
        },
        TimeProvider.System);

    /// <summary>A guest that prints lines and ends.</summary>
    internal static GuestMachine Saying(params IEnumerable<string> lines) =>
        Start($"cat <<'END-OF-CONSOLE'\n{string.Join('\n', lines)}\nEND-OF-CONSOLE\n");
}
