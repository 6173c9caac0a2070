using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Capture.Settings;

namespace Lifeboat.Capture.Tests.Settings;

public sealed class StreamTargetTests
{
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    [Theory]
    [InlineData("raw /dev/nvme0n1p3")]
    [InlineData("raw /dev/vdb overwrite=yes")]
    [InlineData("raw PARTUUID=2f5b9c1e-0d3a-4c57-9d0e-3f1f4c6b8a11")]
    [InlineData("raw PARTUUID=deadbeef-02 overwrite=yes")]
    [InlineData("ssh kdump@dumps.example")]
    [InlineData("ssh kdump@[2001:db8::1] port=2222 key=/etc/lifeboat/key command=receive path=/srv/crash")]
    [InlineData($"ssh a@b hostkey=\"{Key}\" command=cat")]
    [InlineData("ssh a@b hostkey=/etc/ssh/dumps.pub")]
    public void A_line_comes_back_as_it_was(string line) =>
        Assert.Equal(line, Assert.Single(CaptureSettings.Parse(line, "test").Targets).ToString());

    [Theory]
    [InlineData("raw vdb")]
    [InlineData("raw /dev/../etc/passwd")]
    [InlineData("raw UUID=2f5b9c1e-0d3a-4c57-9d0e-3f1f4c6b8a11")]
    [InlineData("raw PARTUUID=2f5b9c1e")]
    [InlineData("raw /dev/disk/by-id/x")]
    [InlineData("raw /dev/mapper/vg-lv")]
    [InlineData("raw /dev/vdb overwrite=no")]
    [InlineData("raw /dev/vdb overwrite=yes again")]
    [InlineData("ssh host")]
    [InlineData("ssh -oProxyCommand=x@host")]
    [InlineData("ssh a@-oProxyCommand=x")]
    [InlineData("ssh a@b@c")]
    [InlineData("ssh a@b port=0")]
    [InlineData("ssh a@b port=22 port=23")]
    [InlineData("ssh a@b path=/$(reboot)")]
    [InlineData("ssh a@b path=/a/../b")]
    [InlineData("ssh a@b key=relative")]
    [InlineData("ssh a@b command=dd")]
    [InlineData("ssh a@b hostkey=\"ssh-ed25519\"")]
    [InlineData("ssh a@b hostkey=\"unbalanced")]
    [InlineData("ssh a@b colour=blue")]
    [InlineData("sshkey relative")]
    public void A_line_that_cannot_be_is_refused(string line) => Assert.Single(SettingsFile.Read(line, "test").Errors);

    [Fact]
    public void A_link_of_udev_s_becomes_what_it_stands_for() => Assert.Equal(
        "raw PARTUUID=deadbeef-02", Assert.Single(CaptureSettings.Parse("raw /dev/disk/by-partuuid/deadbeef-02", "test").Targets).ToString());

    [Fact]
    public void Any_target_that_is_read_is_written_as_it_reads() => Prop.ForAll<string, byte>((text, kind) =>
    {
        string value = (kind % 3) switch { 0 => $"a@{text}", 1 => $"{text}@b path=/{text}", _ => text };
        if (SshTarget.Parse(value) is { } ssh)
        {
            Assert.Equal(ssh, SshTarget.Parse(ssh.Value));
        }

        if (RawTarget.Parse($"/dev/{text}") is { } raw)
        {
            Assert.Equal(raw, RawTarget.Parse(raw.Value));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_key_of_kdump_conf_keeps_its_meaning() =>
        Assert.Equal("/etc/kdump/key", CaptureSettings.Parse("ssh a@b\nsshkey /etc/kdump/key", "test").SshKey);
}
