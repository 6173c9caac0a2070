using Lifeboat.Cli.Tests.TestSupport;
using Lifeboat.TestSupport;
using Lifeboat.Vmcore;

namespace Lifeboat.Cli.Tests.Personalities;

/// <summary>
/// Debian's kdump-config, unchanged, saves a dump with a link to this program in place of makedumpfile: in a mount
/// namespace of its own, with a real kernel's dump as /proc/vmcore.
/// </summary>
[Collection(ConsoleCollection.Name)]
public sealed class KdumpToolsTests(RealDump real) : IClassFixture<RealDump>, IDisposable
{
    // $1 our program, $2 the dump, $3 a folder, $4 kdump-config. /proc is links into the real one, which another place has,
    // as no file can be made there.
    private const string Script =
        """
        set -e
        mkdir "$3/proc" "$3/layers"
        mount --rbind /proc "$3/proc"
        mount -t tmpfs none "$3/layers"
        mkdir "$3/layers/bin" "$3/layers/work"
        mount -t overlay -o "lowerdir=/usr/bin,upperdir=$3/layers/bin,workdir=$3/layers/work" none /usr/bin
        ln -sf "$1" /usr/bin/makedumpfile
        printf '#!/bin/sh\nshift 3\nexec "$@"\n' > /usr/bin/ssh
        printf '#!/bin/sh\nexec cp "$3" "${4#*:}"\n' > /usr/bin/scp
        chmod +x /usr/bin/ssh /usr/bin/scp
        mount -t tmpfs none /proc
        for entry in "$3"/proc/*; do ln -s "$entry" "/proc/${entry##*/}"; done
        ln -sf "$2" /proc/vmcore
        exec sh "$4" savecore
        """;

    private static readonly string KdumpConfig =
        Environment.GetEnvironmentVariable("LIFEBOAT_TEST_KDUMP_CONFIG") ?? "/usr/sbin/kdump-config";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("MAKEDUMP_ARGS='-c -d 31'")]
    [InlineData("MAKEDUMP_ARGS='-l -d 31' KDUMP_COMPRESSION=gzip")]
    [InlineData("SSH=root@elsewhere HOSTTAG=hostname")]
    public void The_dump_and_the_log_are_saved_whole(string settings)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root makes mount namespaces");
        Assert.SkipUnless(File.Exists(KdumpConfig), $"{KdumpConfig} is not installed");
        RealDump.Require();
        string crash = _folder.Combine("crash");
        string program = Path.Combine(AppContext.BaseDirectory, "lifeboat");
        string script = _folder.Write("script", Script);
        var run = ToolRun.OfShell(
            _folder.Path,
            $"{settings} KDUMP_COREDIR='{crash}' exec unshare --mount sh '{script}' '{program}' '{real.Elf}' '{_folder.Path}' '{KdumpConfig}'");
        Assert.SkipWhen(run.Error.Contains("mount:", StringComparison.Ordinal), $"mounts are not possible here: {run.Error}");
        Assert.True(run.Code == 0, $"{run}");
        Assert.DoesNotContain("failed", run.Output + run.Error, StringComparison.Ordinal);
        string stamp = Assert.Single(Directory.GetDirectories(crash));
        string log = Assert.Single(Directory.GetFiles(stamp, "dmesg.*"));
        string dump = Assert.Single(Directory.GetFiles(stamp, "dump.*"));
        if (dump.EndsWith(".gz", StringComparison.Ordinal))
        {
            Assert.Equal(0, ToolRun.Of(stamp, "gunzip", dump).Code);
            dump = dump[..^".gz".Length];
        }

        Assert.Equal(2, Directory.GetFiles(stamp).Length);
        Assert.Equal(0, CommandRun.Of("verify", dump).Code);
        using (var saved = DumpSource.Open(dump))
        {
            Assert.Equal((DumpLevel.All, false), (saved.HeaderLevel, saved.IsIncomplete));
        }

        string expected = _folder.Combine("log");
        Assert.Equal(0, CommandRun.As("makedumpfile", "--dump-dmesg", dump, expected).Code);
        Assert.Equal(File.ReadAllText(expected), File.ReadAllText(log));
    }
}
