using System.Security.Cryptography.X509Certificates;
using Lifeboat.Capture.Tests.Http.Tls;
using Lifeboat.Capture.Tests.Servers;

namespace Lifeboat.Machine.Tests.Targets;

/// <summary>A crash goes from a guest through TLS to nginx, sealed; one that nobody vouches for gets nothing.</summary>
public sealed class UploadTargetTests
{
    [Fact]
    public void A_sealed_crash_is_put_to_a_web_server_after_another_was_refused()
    {
        TestKernel kernel = TestMachine.Kernel("6.1");
        using var folder = new Capture.Tests.TemporaryFolder();
        using var authority = new TestAuthority();
        using var stranger = new TestAuthority("CN=Nobody");
        using X509Certificate2 certificate = authority.Issue("localhost");
        string chain = folder.Write(
            "server.pem", certificate.ExportCertificatePem() + "\n" + certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        Directory.CreateDirectory(folder.Combine("root"));
        using ServerProcess server = ServerProcess.Nginx(
            folder,
            $"root {folder.Path}/root; dav_methods PUT; create_full_put_path on; ssl_certificate {chain}; ssl_certificate_key {chain};",
            "ssl");
        ProgramResult key = TestMachine.Run(TestMachine.Program, ["seal", "--new-key", folder.Combine("dumps.key")]);
        Assert.True(key.ExitCode == 0, key.Error);
        string recipient = File.ReadLines(folder.Combine("dumps.key")).First(line => line.StartsWith("# public key: ", StringComparison.Ordinal))[14..];
        string settings = folder.Write("lifeboat.conf", $"""
            https https://localhost:{server.Port}/refused/ protocol=put ca={folder.Write("stranger.pem", stranger.Pem)}
            https https://localhost:{server.Port}/dumps/ protocol=put ca={folder.Write("ca.pem", authority.Pem)}
            seal_to {recipient}

            """);
        DrillResult.Run(kernel, "--settings", settings).MustEndWith(0);
        Assert.False(Directory.Exists(folder.Combine("root", "refused")));
        string crash = Assert.Single(Directory.GetDirectories(folder.Combine("root", "dumps")));
        Assert.Equal(
            [
                "begun", "complete", "dmesg.txt.age", "manifest.json", "manifest.json.age", "report.html.age", "report.json.age", "report.txt.age",
                "vmcore.flat.age",
            ],
            Directory.GetFiles(crash).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        string dump = folder.Combine("vmcore.flat");
        ProgramResult opened = TestMachine.Run(
            TestMachine.Program, ["unseal", "-i", folder.Combine("dumps.key"), Path.Combine(crash, "vmcore.flat.age"), dump]);
        Assert.True(opened.ExitCode == 0, opened.Error);
        ProgramResult verified = TestMachine.Run(TestMachine.Program, ["verify", dump]);
        Assert.True(verified.ExitCode == 0, verified.Output + verified.Error);
    }
}
