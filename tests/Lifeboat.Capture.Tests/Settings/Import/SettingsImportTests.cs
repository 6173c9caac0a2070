using System.Text;
using Lifeboat.Capture.Init;
using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Settings.Import;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Capture.Tests.Settings.Import;

public sealed class SettingsImportTests
{
    private const string Kdump = """
        # a file of our own, with the directives of kdump.conf(5)
        auto_reset_crashkernel yes
        ext4 /dev/disk/by-uuid/2f5b9c1e-0d3a-4c57-9d0e-3f1f4c6b8a11
        path dumps/   # from the target's root
        core_collector makedumpfile -F -l --message-level 7 -d 17
        kdump_post /usr/local/sbin/tell-us
        default poweroff
        final_action halt
        sshkey /etc/kdump/key
        """;

    private const string Debian = """
        USE_KDUMP=1
        KDUMP_COREDIR='/srv/crash dumps'
        export MAKEDUMP_ARGS="-z -d 31 --num-threads 2"
        KDUMP_FAIL_CMD="/sbin/halt -f -p"
        KDUMP_NUM_DUMPS=3
        FTP_PASSWORD=geheim
        KDUMP_CMDLINE_APPEND="root=$(cat /etc/root)"
        HOSTTAG=hostname
        """;

    private const string Suse = """
        KDUMP_SAVEDIR="ftp://me:geheim@host/dump"
        KDUMP_SAVEDIR="file:///var/log/dump"
        KDUMP_DUMPLEVEL="23"
        KDUMP_DUMPFORMAT="snappy"
        KDUMP_IMMEDIATE_REBOOT="yes"
        KDUMP_KEEP_OLD_DUMPS="5"
        KDUMP_FREE_DISK_SIZE="0"
        KDUMP_SMTP_SERVER=""
        """;

    [Fact]
    public void Reads_kdump_conf()
    {
        ImportedSettings imported = SettingsImport.Read(Kdump, "kdump.conf", source: null);
        Assert.Equal(SettingsSource.KdumpConf, imported.Source);
        CaptureSettings settings = imported.Settings;
        Assert.Equal("ext4 UUID=2f5b9c1e-0d3a-4c57-9d0e-3f1f4c6b8a11", Assert.Single(settings.Targets).ToString());
        Assert.Equal("/dumps", settings.Path);
        Assert.Equal((DumpLevel.Zero | DumpLevel.Free, DumpCompression.Lzo), (settings.Level, settings.Compression));
        Assert.Equal((PowerAction.Halt, PowerAction.PowerOff), (settings.FinalAction, settings.FailureAction));
        Assert.Empty(Lost(imported));
        Assert.Equal("/etc/kdump/key", settings.SshKey);
        Assert.Equal(["auto_reset_crashkernel", "core_collector"], Left(imported));
    }

    [Fact]
    public void Reads_Debian_s_file()
    {
        ImportedSettings imported = SettingsImport.Read(Debian, "kdump-tools", source: null);
        Assert.Equal(SettingsSource.DebianKdumpTools, imported.Source);
        Assert.Equal("local /srv/crash dumps", Assert.Single(imported.Settings.Targets).ToString());
        Assert.Equal((DumpLevel.All, DumpCompression.Zstd, 2), (imported.Settings.Level, imported.Settings.Compression, imported.Settings.Threads));
        Assert.Equal(PowerAction.PowerOff, imported.Settings.FailureAction);
        Assert.Equal(["FTP_PASSWORD", "KDUMP_CMDLINE_APPEND"], Lost(imported));
        Assert.Equal(["USE_KDUMP", "HOSTTAG"], Left(imported));
        Assert.DoesNotContain("geheim", imported.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_SUSE_s_file()
    {
        ImportedSettings imported = SettingsImport.Read(Suse, "kdump", source: null);
        Assert.Equal(SettingsSource.SuseKdump, imported.Source);
        Assert.Equal("local /var/log/dump", Assert.Single(imported.Settings.Targets).ToString());
        Assert.Equal((23, DumpCompression.Snappy), ((int)imported.Settings.Level, imported.Settings.Compression));
        Assert.Equal(PowerAction.Reboot, imported.Settings.FinalAction);
        Assert.Empty(Lost(imported));
        Assert.Equal(["KDUMP_SAVEDIR"], Left(imported));
        Assert.DoesNotContain("geheim", imported.ToText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("KEXEC_ARGS=-s\nKDUMP_BOOTDIR=/boot\nKDUMP_IMG=vmlinuz\nKDUMP_COMMANDLINE_APPEND=x\n", "Import /etc/kdump.conf")]
    [InlineData("", "--from")]
    [InlineData("# nothing\nFOO=bar\n", "--from")]
    [InlineData("KDUMP_COREDIR=/a\nKDUMP_SAVEDIR=/b\n", "--from")]
    public void What_cannot_be_told_is_asked_for(string text, string remedy)
    {
        Diagnostic diagnostic = Assert.Single(
            Assert.Throws<DiagnosticException>(() => SettingsImport.Read(text, "x", source: null)).Diagnostics);
        Assert.Equal((CaptureDiagnostics.UnknownSettingsFile, "x"), (diagnostic.Id, diagnostic.Where));
        Assert.Contains(remedy, diagnostic.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Whose_they_are_can_be_said()
    {
        Assert.Equal("local /b", SettingsImport.Read("KDUMP_COREDIR=/a\nKDUMP_SAVEDIR=/b\n", "x", SettingsSource.SuseKdump).Settings.Targets[0].ToString());
        Assert.Equal(["KDUMP_COREDIR=/a", "target"], Lost(SettingsImport.Read("KDUMP_COREDIR=/a\n", "x", SettingsSource.KdumpConf)));
    }

    [Fact]
    public void A_text_that_is_too_long_for_settings_is_refused() => Assert.Throws<DiagnosticException>(
        () => SettingsImport.Read(new string('#', SettingsImport.MaxLength + 1), "x", SettingsSource.SuseKdump));

    // A file of ours is a file of kdump.conf's grammar, too.
    [Fact]
    public void Our_own_settings_stay_what_they_are()
    {
        CaptureSettings settings = CaptureSettings.Parse("nfs host:/export\next4 LABEL=crash\ndump_level 1\nthreads 3\nhostname h\n", "x");
        ImportedSettings imported = SettingsImport.Read(settings.ToText(), "x", source: null);
        Assert.Equal(settings, imported.Settings);
        Assert.Empty(imported.Notes);
    }

    [Theory]
    [InlineData(Kdump)]
    [InlineData(Debian)]
    [InlineData(Suse)]
    public void Whatever_stands_there_what_comes_out_is_a_settings_file(string text)
    {
        foreach (byte[] damaged in Mutations.Of(Encoding.UTF8.GetBytes(text), 2500, seed: 23))
        {
            string settings = Encoding.UTF8.GetString(damaged);
            foreach (SettingsSource source in Enum.GetValues<SettingsSource>())
            {
                ImportedSettings imported = SettingsImport.Read(settings, "a\nfinal_action halt", source);
                Assert.Equal(imported.Settings, CaptureSettings.Parse(imported.ToText(), "x"));
            }

            try
            {
                SettingsImport.Read(settings, "x", source: null);
            }
            catch (DiagnosticException error)
            {
                Assert.Equal(CaptureDiagnostics.UnknownSettingsFile, Assert.Single(error.Diagnostics).Id);
            }
        }
    }

    private static IEnumerable<string> Lost(ImportedSettings imported) => imported.Notes.Where(note => note.IsLoss).Select(note => note.Name);

    private static IEnumerable<string> Left(ImportedSettings imported) => imported.Notes.Where(note => !note.IsLoss).Select(note => note.Name);
}
