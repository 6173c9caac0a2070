using System.Text;
using Lifeboat.Kernel.Tests.TestSupport;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Kernel.Tests;

public sealed class KernelIdentityTests
{
    private static readonly DumpUtsName Header = new("Linux", "old", "5.0", "#0", "x86_64", "(none)");

    [Fact]
    public void Memory_is_believed_before_the_header()
    {
        var kernel = new FakeKernel();
        ulong address = kernel.Allocate(400);
        kernel.Info["SYMBOL(init_uts_ns)"] = FakeKernel.Hex(address);
        kernel.Info["OFFSET(uts_namespace.name)"] = "4";
        string[] fields = ["Linux", "host", "6.1.0", "#1 SMP", "x86_64", "(none)"];
        for (int i = 0; i < fields.Length; i++)
        {
            kernel.Memory.Write(
                FakeKernel.ToPhysical(address) + 4 + (ulong)(65 * i), Encoding.ASCII.GetBytes(fields[i]));
        }

        Assert.Equal(
            new KernelIdentity("Linux", "host", "6.1.0", "#1 SMP", "x86_64"),
                KernelIdentity.Read(new FakeDump(kernel, Header)));
    }

    [Fact]
    public void The_header_is_believed_when_memory_cannot_be_read()
    {
        Assert.Equal(
            new KernelIdentity("Linux", "old", "5.0", "#0", "x86_64"),
                KernelIdentity.Read(new FakeDump(new FakeKernel(), Header)));
    }

    [Fact]
    public void Vmcoreinfo_alone_gives_the_release()
    {
        Assert.Equal(
            new KernelIdentity(null, null, "6.1.0-fake", null, null),
                KernelIdentity.Read(new FakeDump(new FakeKernel())));
    }
}
