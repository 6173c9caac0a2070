using System.Diagnostics;
using Lifeboat.Core.Sealing;

namespace Lifeboat.Core.Tests.Sealing;

/// <summary>Against age itself: it opens what is sealed here, and what it seals is opened here.</summary>
public sealed class AgeOracleTests : IDisposable
{
    private const string Age = "/usr/bin/age";
    private const string AgeKeygen = "/usr/bin/age-keygen";

    private readonly string _folder = Directory.CreateTempSubdirectory("lifeboat-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Age_opens_what_is_sealed_here(int recipients)
    {
        RequireAge();
        (string file, AgeRecipient recipient)[] keys = [.. Enumerable.Range(0, recipients).Select(number =>
        {
            string file = Path.Combine(_folder, $"key{number}");
            return (file, AgeKeyFile.Create(file, TimeProvider.System));
        })];
        foreach (int length in SealedFiles.Lengths)
        {
            byte[] data = SealedFiles.Noise(length);
            byte[] file = SealedFiles.Seal(data, [.. keys.Select(key => key.recipient)]);
            foreach ((string key, _) in keys)
            {
                Assert.Equal(data, Run(Age, file, "-d", "-i", key));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_age_seals_is_opened_here(int recipients)
    {
        RequireAge();
        var words = new List<string>();
        var keys = new List<AgeIdentity>();
        for (int number = 0; number < recipients; number++)
        {
            string file = Path.Combine(_folder, $"key{number}");
            Run(AgeKeygen, [], "-o", file);
            keys.Add(Assert.Single(AgeKeyFile.ReadIdentities(file)));
            words.AddRange(["-r", keys[^1].Recipient.ToString()]);
        }

        foreach (int length in SealedFiles.Lengths)
        {
            byte[] data = SealedFiles.Noise(length);
            byte[] file = Run(Age, data, [.. words]);
            Assert.All(keys, key => Assert.Equal(data, SealedFiles.Open(file, key)));
        }

        keys.ForEach(key => key.Dispose());
    }

    private static void RequireAge() =>
        Assert.SkipUnless(File.Exists(Age) && File.Exists(AgeKeygen), "the oracle age is not installed");

    private static byte[] Run(string program, byte[] input, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task fed = Task.Run(() =>
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        });
        var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program}: {errors.Result}");
        fed.Wait();
        return output.ToArray();
    }
}
