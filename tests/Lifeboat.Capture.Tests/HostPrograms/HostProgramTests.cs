using System.Diagnostics;
using Lifeboat.Capture.HostPrograms;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Elf;

namespace Lifeboat.Capture.Tests.HostPrograms;

public sealed class HostProgramTests
{
    private const string Loader = "/lib64/ld-linux-x86-64.so.2";

    [Fact]
    public void Takes_the_loader_the_libraries_and_their_libraries_each_where_the_loader_finds_it()
    {
        using var root = new TemporaryFolder();
        root.Write("usr/bin/tool", TestLibrary.Elf(["libone.so.1", "libc.so.6"], Loader));
        root.Write("lib64/ld-linux-x86-64.so.2", TestLibrary.Elf([]));
        root.Write("opt/libone.so.1", TestLibrary.Elf(["libtwo.so", "libc.so.6"], runPath: "/none:$ORIGIN/../opt/deep"));
        root.Write("opt/deep/libtwo.so", TestLibrary.Elf(["ld-linux-x86-64.so.2"]));
        root.Write("lib/x86_64-linux-gnu/libc.so.6", TestLibrary.Elf([]));
        root.Write("etc/ld.so.cache", TestLibrary.Cache(
            ("libone.so.1", "/opt/fast/libone.so.1", 8), ("libone.so.1", "/opt/libone.so.1", 0), ("libc.so.6", "/gone/libc.so.6", 0)));

        Assert.Equal(
            ["/etc/ld.so.cache", "/lib/x86_64-linux-gnu/libc.so.6", Loader, "/opt/deep/libtwo.so", "/opt/libone.so.1", "/usr/bin/tool"],
            PathsOf(HostProgram.Resolve("/usr/bin/tool", root.Path)));
    }

    [Fact]
    public void Passes_over_a_library_for_another_machine()
    {
        using var root = new TemporaryFolder();
        root.Write("bin/tool", TestLibrary.Elf(["libc.so.6"], path: "/a"));
        root.Write("a/libc.so.6", TestLibrary.Elf([], machine: Elf64Header.MachineArm64));
        root.Write("lib/libc.so.6", TestLibrary.Elf([]));

        Assert.Equal(["/bin/tool", "/lib/libc.so.6"], PathsOf(HostProgram.Resolve("/bin/tool", root.Path)));
    }

    [Fact]
    public void Takes_a_library_that_is_opened_by_name_where_there_is_one()
    {
        using var root = new TemporaryFolder();
        root.Write("bin/tool", TestLibrary.Elf([]));
        root.Write("lib/libnss_files.so.2", TestLibrary.Elf([]));

        Assert.Equal(
            ["/bin/tool", "/lib/libnss_files.so.2"],
            PathsOf(HostProgram.Resolve("/bin/tool", root.Path, "libnss_files.so.2", "libnone.so")));
    }

    [Fact]
    public void Takes_a_scripts_interpreter()
    {
        using var root = new TemporaryFolder();
        root.Write("bin/hook", "#! /bin/sh -e\necho\n");
        root.Write("bin/sh", TestLibrary.Elf([]));

        Assert.Equal(["/bin/hook", "/bin/sh"], PathsOf(HostProgram.Resolve("/bin/hook", root.Path)));
    }

    [Theory]
    [InlineData("/bin/none", "no such file")]
    [InlineData("/bin/text", "no program")]
    [InlineData("/bin/lonely", "libgone.so, which /bin/lonely needs")]
    [InlineData("/bin/script", "names no interpreter")]
    [InlineData("/bin/circle", "no program")]
    public void Says_what_is_wrong_with_a_program(string path, string found)
    {
        using var root = new TemporaryFolder();
        root.Write("bin/text", "hello");
        root.Write("bin/lonely", TestLibrary.Elf(["libgone.so"]));
        root.Write("bin/script", "#!sh\n");
        root.Write("bin/circle", "#!/bin/circle\n");

        DiagnosticException error = Assert.Throws<DiagnosticException>(() => HostProgram.Resolve(path, root.Path));
        Assert.Contains(found, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_several_programs_come_once()
    {
        using var root = new TemporaryFolder();
        root.Write("bin/a", TestLibrary.Elf(["libc.so.6"]));
        root.Write("bin/b", TestLibrary.Elf(["libc.so.6"]));
        root.Write("lib/libc.so.6", TestLibrary.Elf([]));

        IReadOnlyList<RamdiskFile> files = HostProgram.FilesOf(
            HostProgram.Resolve("/bin/a", root.Path), HostProgram.Resolve("/bin/b", root.Path));
        Assert.Equal(["/bin/a", "/lib/libc.so.6", "/bin/b"], files.Select(file => file.Path));
    }

    [Fact]
    public void Damaged_programs_and_caches_end_in_a_diagnostic_or_not_at_all()
    {
        byte[] elf = TestLibrary.Elf(["libc.so.6", "libm.so.6"], Loader, "/a:/b");
        foreach (byte[] damaged in Mutations.Of(elf, 20_000, seed: 61))
        {
            _ = ElfDynamic.TryParse(damaged, out _);
        }

        byte[] cache = TestLibrary.Cache(("libc.so.6", "/lib/libc.so.6", 0), ("libm.so.6", "/lib/libm.so.6", 0));
        foreach (byte[] damaged in Mutations.Of(cache, 20_000, seed: 62))
        {
            _ = LibraryCache.Parse(damaged).PathsOf("libc.so.6");
        }
    }

    [Fact]
    public void This_machines_ssh_needs_what_ldd_says()
    {
        string ssh = Oracle.Require("ssh");
        string[] expected = [.. Oracle.Run("ldd", [], ssh).Split('\n')
            .Select(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(word => word.StartsWith('/')))
            .OfType<string>().Order(StringComparer.Ordinal)];

        HostProgram program = HostProgram.Resolve(ssh);
        Assert.Equal(expected, PathsOf(program).Where(path => path != ssh && path != HostProgram.CachePath));
    }

    [Fact]
    public void This_machines_ssh_runs_with_nothing_but_its_files()
    {
        string ssh = Oracle.Require("ssh");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may chroot");
        using var root = new TemporaryFolder();
        foreach (RamdiskFile file in HostProgram.Resolve(ssh).Files)
        {
            string path = root.Write(file.Path[1..], file.ReadContent().ToArray());
            File.SetUnixFileMode(path, (UnixFileMode)file.Permissions);
        }

        // It opens the one and looks itself up in the other before anything else.
        root.Write("dev/null", "");
        root.Write("etc/passwd", "root:x:0:0:root:/:/bin/sh\n");
        using Process process = Process.Start(new ProcessStartInfo(Oracle.Require("chroot"), [root.Path, ssh, "-V"])
        {
            RedirectStandardError = true,
        })!;
        string said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Contains("OpenSSH", said, StringComparison.Ordinal);
        Assert.Equal(0, process.ExitCode);
    }

    private static IEnumerable<string> PathsOf(HostProgram program) => program.Files.Select(file => file.Path);
}
