using System.Text;
using Lifeboat.Kernel.Tests.TestSupport;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.TestSupport;

/// <summary>A fake kernel that crashed: with a name, a time and a log that tells of it.</summary>
internal static class CrashedMachine
{
    private static readonly string[] Lines =
    [
        "Linux version 6.1.0-fake (nobody@nowhere)",
        "Command line: console=ttyS0",
        "sysrq: Trigger a crash",
        "Kernel panic - not syncing: sysrq triggered crash",
        "CPU: 1 PID: 42 Comm: init Not tainted 6.1.0-fake #1  Debian 6.1.192-2",
        "Call Trace:\n <TASK>\n panic+0x11a/0x2e0",
        "RIP: 0010:sysrq_handle_crash+0x16/0x20",
    ];

    internal static FakeKernel Create() => Create(Lines);

    internal static FakeKernel Create(params string[] lines)
    {
        var kernel = new FakeKernel();
        kernel.Info["CRASHTIME"] = "1700000000";
        ulong address = kernel.Allocate(400);
        kernel.Info["SYMBOL(init_uts_ns)"] = FakeKernel.Hex(address);
        kernel.Info["OFFSET(uts_namespace.name)"] = "0";
        string[] fields = ["Linux", "drill-guest", "6.1.0-fake", "#1 SMP Debian 6.1.192-2", "x86_64", "(none)"];
        for (int field = 0; field < fields.Length; field++)
        {
            kernel.Memory.Write(
                FakeKernel.ToPhysical(address) + (ulong)(65 * field), Encoding.ASCII.GetBytes(fields[field]));
        }

        var log = new FakeLog(kernel, countBits: 5, textBits: 12);
        for (int line = 0; line < lines.Length; line++)
        {
            log.Add(lines[line], timestamp: (ulong)(line + 1) * 1_500_000_000);
        }

        return kernel;
    }
}
