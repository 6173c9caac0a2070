using System.Security.Cryptography;

namespace Lifeboat.Machine.Tests;

/// <summary>
/// Firmware that starts only what is signed with the one key it knows, and a kernel that is: Debian's OVMF comes with variables for the
/// key pair that lies beside it, which everybody has and nobody trusts.
/// </summary>
/// <param name="SignedKernel">The kernel, signed with that key and no other.</param>
/// <param name="Firmware">The firmware's code.</param>
/// <param name="Variables">Its variables, a copy for one machine.</param>
internal sealed record SecureBoot(string SignedKernel, string Firmware, string Variables)
{
    private const string Code = "/usr/share/OVMF/OVMF_CODE_4M.snakeoil.fd";
    private const string KnownVariables = "/usr/share/OVMF/OVMF_VARS_4M.snakeoil.fd";
    private const string Certificate = "/usr/share/ovmf/PkKek-1-snakeoil.pem";
    private const string Key = "/usr/share/ovmf/PkKek-1-snakeoil.key";
    private const string Passphrase = "snakeoil";

    /// <summary>Signs a kernel; the test is skipped where firmware or tools are not installed.</summary>
    internal static SecureBoot Prepare(string kernel, TemporaryFolder folder)
    {
        Assert.SkipUnless(File.Exists(Code) && File.Exists(KnownVariables) && File.Exists(Key), "ovmf is not installed");
        string variables = folder.File("variables");
        File.Copy(KnownVariables, variables);
        using var key = RSA.Create();
        key.ImportFromEncryptedPem(File.ReadAllText(Key), Passphrase);
        string plainKey = folder.File("key");
        File.WriteAllText(plainKey, key.ExportPkcs8PrivateKeyPem());

        // A kernel looks at one signature only.
        string unsigned = folder.File("unsigned");
        File.Copy(kernel, unsigned);
        Sign("sbattach", "--remove", unsigned);
        string signed = folder.File("signed");
        Sign("sbsign", "--key", plainKey, "--cert", Certificate, "--output", signed, unsigned);
        return new SecureBoot(signed, Code, variables);
    }

    private static void Sign(string tool, params string[] arguments)
    {
        ProgramResult result = TestMachine.Run(TestMachine.Oracle(tool), arguments);
        Assert.True(result.ExitCode == 0, $"{tool}: {result.Output}{result.Error}");
    }
}
