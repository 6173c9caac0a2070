using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Crash;

namespace Lifeboat.Kernel.Tests.Crash;

public sealed class FaultTextTests
{
    [Theory]
    [InlineData("BUG: kernel NULL pointer dereference, address: 0000000000000010", 0x10UL)]
    [InlineData("BUG: unable to handle page fault for address: ffffc90000a3d000", 0xffff_c900_00a3_d000UL)]
    [InlineData("general protection fault, probably for non-canonical address 0x6b6b6b6b6b6b6b6b: 0000 [#1] PREEMPT", 0x6b6b_6b6b_6b6b_6b6bUL)]
    [InlineData("Oops: general protection fault, probably for non-canonical address 0xdead000000000100: 0000 [#1]", 0xdead_0000_0000_0100UL)]
    [InlineData("Unable to handle kernel NULL pointer dereference at virtual address 0000000000000010", 0x10UL)]
    public void The_address_is_read_in_every_wording(string line, ulong address) =>
        Assert.Equal(new VirtualAddress(address), FaultText.Address(line));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("kernel BUG at mm/slub.c:123!")]
    [InlineData("BUG: unable to handle page fault for address: ")]
    [InlineData("address: zz")]
    [InlineData("address: 11112222333344445")]
    public void A_line_without_one_gives_none(string? line) => Assert.Null(FaultText.Address(line));

    [Theory]
    [InlineData("INFO: task lb-crash:117 blocked for more than 2 seconds.", 117)]
    [InlineData("INFO: task a:b:c:8 blocked in I/O wait for more than 2 seconds.", 8)]
    [InlineData("INFO: task kworker/0:1 blocked: blocked for more", null)]
    [InlineData("INFO: task x:99999999999 blocked for", null)]
    [InlineData("INFO: task x", null)]
    [InlineData(null, null)]
    public void The_task_that_was_blocked_is_read(string? line, int? pid) => Assert.Equal(pid, FaultText.BlockedPid(line));
}
