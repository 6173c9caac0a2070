using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Memory;
using Lifeboat.Vmcore;

namespace Lifeboat.Inspect.Tests.Reporting;

/// <summary>Reports that are built by hand.</summary>
internal static class Reports
{
    internal static CrashReport Whole { get; } = new()
    {
        Path = "/var/crash/vmcore.kdump",
        Format = "kdump-compressed v6",
        IsIncomplete = false,
        Level = DumpLevel.All,
        FileSize = ByteCount.FromKiB(21_400),
        Ram = ByteCount.FromMiB(2048),
        Kernel = new("Linux", "host", "6.1.0-fake", "#1 SMP Debian 6.1.192-2", "x86_64"),
        CrashTime = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000),
        Panic = new PanicSummary
        {
            Message = "Fatal exception",
            Cause = "BUG: kernel NULL pointer dereference, address: 0000000000000010",
            Kind = PanicKind.NullDereference,
            Cpu = 3,
            Pid = 7,
            Command = "kworker/3:1",
            Taint = "Tainted: GDWOE",
            InstructionPointer = "0010:foo_write+0x16/0x20 [foo]",
            Sequence = 2,
            Uptime = TimeSpan.FromSeconds(93_784.5),
        },
        Stacks =
        [
            new CpuStack(
                3, 7, "kworker/3:1", ["panic+0x1/0x2", "asm_exc_page_fault+0x22/0x30", "foo_write+0x16/0x20 [foo]", "? kthread+0x1/0x2"],
                "0xffff888003d30000 is excluded from the dump"),
            new CpuStack(0, 1, "init", [], null),
        ],
        Site = new CrashSite
        {
            Place = "foo_write+0x16/0x20 [foo]",
            IsInstruction = true,
            Code = "00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 12 13 <c7> 40 10 01 00 00 00",
            FaultAddress = "0x10",
            FaultAddressIs = "a NULL pointer, 0x10 bytes beyond",
            Registers =
            [
                new ReportRegister("rip", "ffffffffc0000016"), new ReportRegister("rsp", "ffffc90000013a58"),
                new ReportRegister("rax", "0000000000000000"), new ReportRegister("rbx", "ffff888003d30000"), new ReportRegister("r15", "0000000000000001"),
            ],
            Frames = ["foo_write+0x16/0x20 [foo]", "? kthread+0x1/0x2"],
        },
        Blocked = [new ReportTask(42, "writer", "D", 130.2, ["__schedule+0x1/0x2", "io_schedule+0x1/0x2", "folio_wait_bit_common+0x1/0x2"], null)],
        BlockedCount = 12,
        Modules = [new ReportModule("foo", "OE"), new ReportModule("ext4", "")],
        Memory = new MemoryUse { Total = ByteCount.FromMiB(2000) },
        TaintMeaning = "D (oops or BUG before), O (module out of the kernel's tree)",
        Load = [0.5, 12, 3.25],
        LogAround = ["[93784.300000] foo: writing", "[93784.400000] BUG: kernel NULL pointer dereference"],
        Log =
        [
            new LogRecord(1, 93_784_300_000_000, 6, 0, 1, "foo: writing"),
            new LogRecord(2, 93_784_400_000_000, 1, 0, 1, "BUG: kernel NULL pointer dereference"),
        ],
        LogTail = ["[93784.400000] BUG: kernel NULL pointer dereference", "[93784.500000] Kernel panic - not syncing: Fatal exception"],
        Diagnostics = [],
    };

    internal static CrashReport Damaged { get; } = new()
    {
        Path = "vmcore",
        Format = "ELF",
        IsIncomplete = true,
        Level = null,
        FileSize = ByteCount.Zero,
        Ram = ByteCount.Zero,
        Kernel = new(null, null, null, null, null),
        CrashTime = null,
        Panic = null,
        Stacks = [],
        LogTail = [],
        Diagnostics =
        [
            new Diagnostic(VmcoreDiagnosticIds.Truncated, "the file ends early") { Where = "0x1000" },
            new Diagnostic(KernelDiagnosticIds.NoLog, "the log cannot be found"),
        ],
    };
}
