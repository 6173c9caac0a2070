using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Lifeboat.Capture.Http;
using Lifeboat.Capture.Http.Tls;
using Lifeboat.Capture.Tests.Servers;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Tests.Http.Tls;

/// <summary>BearSSL's client against OpenSSL's server.</summary>
public sealed class TlsChannelTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void What_is_sent_comes_back_through_tls(bool isRsaAuthority, bool isRsaServer)
    {
        using var authority = new TestAuthority(isRsa: isRsaAuthority);
        using X509Certificate2 certificate = authority.Issue("dumps.test", isRsaServer);
        using var server = new TlsEchoServer(certificate);
        using Channel channel = Connect(server, TlsTrust.InAuthorities("text before\n" + authority.Pem, "ca.pem"));
        byte[] sent = TestServer.Bytes(300_000);
        byte[] back = new byte[sent.Length];
        for (int at = 0; at < sent.Length; at += 30_000)
        {
            channel.Write(sent.AsSpan(at, 30_000));
            channel.Flush();
            for (int read = 0; read < 30_000;)
            {
                read += channel.Read(back.AsSpan(at + read, 30_000 - read));
            }
        }

        Assert.Equal(sent, back);
        Assert.False(channel.HasInput);
    }

    [Fact]
    public void One_of_many_authorities_is_enough()
    {
        using var other = new TestAuthority("CN=Other CA", isRsa: true);
        using var authority = new TestAuthority();
        using X509Certificate2 certificate = authority.Issue("dumps.test");
        using var server = new TlsEchoServer(certificate);
        using Channel channel = Connect(server, TlsTrust.InAuthorities(other.Pem + "\n" + authority.Pem, "ca.pem"));
        AssertEchoes(channel);
    }

    [Theory]
    [InlineData("dumps.test")]
    [InlineData("127.0.0.1")]
    public void The_pinned_certificate_itself_is_trusted_by_name_and_by_address(string host)
    {
        using var authority = new TestAuthority();
        using X509Certificate2 certificate = authority.Issue(host);
        using var server = new TlsEchoServer(certificate);
        using Channel channel = Connect(server, TlsTrust.InServer(certificate.ExportCertificatePem(), "server.pem"), host);
        AssertEchoes(channel);
    }

    [Fact]
    public void A_self_signed_certificate_is_trusted_when_it_is_pinned()
    {
        using var authority = new TestAuthority("CN=dumps.test", isRsa: true);
        using X509Certificate2 certificate = authority.Issue("dumps.test", isRsa: true);
        using var server = new TlsEchoServer(certificate);
        using Channel channel = Connect(server, TlsTrust.InServer(certificate.ExportCertificatePem(), "server.pem"));
        AssertEchoes(channel);
    }

    [Theory]
    [InlineData("dumps.test", -1, "has ended or has not begun")]
    [InlineData("dumps.test", 90, "has ended or has not begun")]
    [InlineData("other.test", 30, "for another name")]
    public void A_certificate_that_does_not_hold_is_refused_and_nothing_sent(string host, int daysLeft, string expected)
    {
        using var authority = new TestAuthority();
        using X509Certificate2 certificate = authority.Issue(host, daysLeft: daysLeft);
        using var server = new TlsEchoServer(certificate);
        AssertRefused(server, TlsTrust.InAuthorities(authority.Pem, "ca.pem"), expected);
    }

    [Fact]
    public void An_unknown_authority_is_refused_and_nothing_sent()
    {
        using var authority = new TestAuthority();
        using var impostor = new TestAuthority();
        using X509Certificate2 certificate = impostor.Issue("dumps.test");
        using var server = new TlsEchoServer(certificate);
        AssertRefused(server, TlsTrust.InAuthorities(authority.Pem, "ca.pem"), "cannot be checked", "not one to trust");
    }

    [Fact]
    public void Another_certificate_than_the_pinned_one_is_refused_though_the_same_authority_signed_it()
    {
        using var authority = new TestAuthority();
        using X509Certificate2 pinned = authority.Issue("dumps.test");
        using X509Certificate2 certificate = authority.Issue("dumps.test");
        using var server = new TlsEchoServer(certificate);
        AssertRefused(server, TlsTrust.InServer(pinned.ExportCertificatePem(), "server.pem"), "not one to trust");
    }

    [Fact]
    public void A_server_by_its_address_needs_a_pinned_certificate()
    {
        using var authority = new TestAuthority();
        using X509Certificate2 certificate = authority.Issue("127.0.0.1");
        using var server = new TlsEchoServer(certificate);
        DiagnosticException refusal = Assert.Throws<DiagnosticException>(
            () => Connect(server, TlsTrust.InAuthorities(authority.Pem, "ca.pem"), "127.0.0.1"));
        Assert.Contains("give its certificate by cert=", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_speaks_only_tls_1_3_is_told_as_that()
    {
        using var authority = new TestAuthority();
        using X509Certificate2 certificate = authority.Issue("dumps.test");
        using var server = new TlsEchoServer(certificate, SslProtocols.Tls13);
        AssertRefused(server, TlsTrust.InAuthorities(authority.Pem, "ca.pem"), "must allow TLS 1.2");
    }

    [Fact]
    public void A_machine_that_has_lost_its_time_is_told_as_that()
    {
        var server = new TlsServer("dumps.test", null!, new FixedTime(new DateTimeOffset(1970, 1, 1, 0, 1, 0, TimeSpan.Zero)));
        Assert.Contains("clock is plainly wrong", server.Failure(54).Message, StringComparison.Ordinal);
        Assert.Contains("found 1970-01-01 00:01 UTC", server.Failure(54).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Something_else_than_tls_is_no_success()
    {
        using var server = new ScriptedServer("SSH-2.0-OpenSSH_9.2\r\n");
        using var authority = new TestAuthority();
        Assert.ThrowsAny<Exception>(() => TestServer.At(
            server.Port, trust: TlsTrust.InAuthorities(authority.Pem, "ca.pem"),
            timeouts: TestServer.Short with { Read = TimeSpan.FromMilliseconds(200) }).Connect(CancellationToken.None));
    }

    private static Channel Connect(TlsEchoServer server, TlsTrust trust, string host = "dumps.test") =>
        TestServer.At(server.Port, trust: trust, host: host).Connect(CancellationToken.None);

    private static void AssertEchoes(Channel channel)
    {
        channel.Write("hello"u8);
        channel.Flush();
        byte[] back = new byte[5];
        Assert.Equal(5, channel.Read(back));
        Assert.Equal("hello"u8.ToArray(), back);
    }

    private static void AssertRefused(TlsEchoServer server, TlsTrust trust, params string[] expected)
    {
        DiagnosticException refusal = Assert.Throws<DiagnosticException>(() => Connect(server, trust));
        Assert.Equal(CaptureDiagnostics.ServerNotTrusted, refusal.Diagnostics[0].Id);
        Assert.True(expected.Any(text => refusal.Message.Contains(text, StringComparison.Ordinal)), refusal.Message);
        Assert.Equal(0, server.Received);
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
