using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Erasing;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Erasing;

namespace Lifeboat.Cli.Output;

/// <summary>Says of a dump whether what was to be erased is there.</summary>
internal static class RedactionVerification
{
    private const int MostTold = 10;

    public static RedactionDocument Run(
        DumpSource dump, RedactionRequest request, List<string> wrong, CancellationToken cancellation)
    {
        var secrets = new List<byte[]>();
        foreach (string file in request.SecretFiles)
        {
            secrets.Add(ReadSecret(file));
        }

        int before = wrong.Count;
        RedactionResult result = RedactionCheck.Run(dump, request.Directives, TimeProvider.System, cancellation);
        Tell(result.Open, "is not erased", wrong);
        Tell(result.Unsaid, "is not said to be erased by the dump", wrong);
        foreach (Diagnostic notice in result.Notices)
        {
            wrong.Add($"not proven: {notice}");
        }

        IReadOnlyList<PhysicalAddress?> found = SecretSearch.Run(dump, secrets, cancellation);
        for (int i = 0; i < found.Count; i++)
        {
            if (found[i] is { } place)
            {
                wrong.Add($"the bytes of {request.SecretFiles[i]} are in the dump, at {place}");
            }
        }

        return new RedactionDocument
        {
            Proven = wrong.Count == before,
            Said = result.Said,
            Found = result.Found,
            LeftOut = result.LeftOut,
            Bytes = result.Erased.Value,
            Secrets = request.SecretFiles,
        };
    }

    private static void Tell(IReadOnlyList<ErasedRange> ranges, string what, List<string> wrong)
    {
        for (int i = 0; i < ranges.Count; i++)
        {
            if (i == MostTold)
            {
                wrong.Add($"{ranges.Count - i} more {what}");
                break;
            }

            wrong.Add($"{ranges[i].What} {what}: {ranges[i].Range}");
        }
    }

    private static byte[] ReadSecret(string file)
    {
        long length = new FileInfo(file).Length;
        return length is >= SecretSearch.LeastBytes and <= SecretSearch.MostBytes ? File.ReadAllBytes(file)
            : throw new IOException($"{file} has {length} bytes; a secret to look for has {SecretSearch.LeastBytes} to {SecretSearch.MostBytes}");
    }
}
