using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Loading;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Planning;
using Lifeboat.Kexec.Tests.Support;

namespace Lifeboat.Kexec.Tests.Loading;

public sealed class ArmedImageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lifeboat-armed-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "run", "armed.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_was_armed_is_remembered_with_whole_paths_and_forgotten()
    {
        ArmedImage armed = Armed(MachineTree.Machine());
        armed.Save(Path);
        ArmedImage loaded = ArmedImage.Load(Path)!;
        Assert.Equal(("/vmlinuz", "kexec_file_load", 2), (loaded.Kernel, loaded.Call, loaded.Cpus));
        Assert.Equal(System.IO.Path.GetFullPath("ramdisk"), Assert.Single(loaded.Ramdisks));
        Assert.Null(loaded.DifferenceTo(MachineTree.Machine()));
        ArmedImage.Forget(Path);
        ArmedImage.Forget(Path);
        Assert.Null(ArmedImage.Load(Path));
    }

    [Fact]
    public void A_CPU_or_memory_that_came_is_a_difference()
    {
        MachineDescription machine = MachineTree.Machine();
        ArmedImage armed = Armed(machine);
        Assert.Equal("2 CPUs then, 1 now", armed.DifferenceTo(machine with { CpuNotes = [machine.CpuNotes[0]] }));
        Assert.Equal("2 GiB of RAM then, 3 GiB now", armed.DifferenceTo(machine with
        {
            Iomem = IomemMap.Parse(MachineTree.Iomem + "\n100000000-13fffffff : System RAM"),
        }));
        Assert.Equal("memory or CPUs lie elsewhere", armed.DifferenceTo(machine.WithReservation(0x78000000, 0x7f000000)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"kernel":"/v","ramdisks":[null],"commandLine":"","call":"kexec_load","cpus":1,"ramBytes":1,"layout":""}""")]
    [InlineData("""{"kernel":"/v","ramdisks":[],"commandLine":"","call":"auto","cpus":1,"ramBytes":1,"layout":""}""")]
    [InlineData("""{"kernel":"/v","ramdisks":[],"commandLine":"","call":"other","cpus":1,"ramBytes":1,"layout":""}""")]
    public void A_file_that_is_no_record_is_none(string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        File.WriteAllText(Path, text);
        Assert.Null(ArmedImage.Load(Path));
    }

    [Fact]
    public async Task Two_processes_do_not_arm_at_once()
    {
        for (int turn = 0; turn < 200; turn++)
        {
            IDisposable first = ArmedImage.Lock(Path);
            bool isFree = false;
            Task<bool> second = Task.Run(
                () =>
                {
                    using IDisposable held = ArmedImage.Lock(Path);
                    return Volatile.Read(ref isFree);
                },
                TestContext.Current.CancellationToken);
            await Task.Yield();
            Volatile.Write(ref isFree, true);
            first.Dispose();
            Assert.True(await second);
        }
    }

    [Fact]
    public void Where_the_kernel_keeps_the_header_up_to_date_it_gets_room_and_stays_out_of_the_check()
    {
        CrashLoadRequest request = TestPlans.Request();
        LoadPlan plan = CrashLoadPlanner.Plan(request with
        {
            Hotplug = true,
            Machine = request.Machine with { CrashElfCoreHeaderSize = new ByteCount(917616) },
        });
        LoadSegment header = plan.Segments.Single(segment => segment.Name == "ELF core header");
        Assert.Equal(KexecLoadFlags.OnCrash | KexecLoadFlags.ArchX8664 | KexecLoadFlags.UpdateElfCoreHeader, plan.Flags);
        Assert.Equal(new ByteCount(917616 + 64).AlignUp(ByteCount.Page), header.Range.Length);
        Assert.DoesNotContain(
            Convert.ToHexString(Lifeboat.Core.Hashing.Sha256.HashData(header.Content.Span)),
            Convert.ToHexString(plan.Segments.Single(segment => segment.Name == "purgatory").Content.Span),
            StringComparison.Ordinal);
    }

    private static ArmedImage Armed(MachineDescription machine) =>
        ArmedImage.Of("/vmlinuz", ["ramdisk"], "console=ttyS0", KexecCall.KexecFileLoad, machine);
}
