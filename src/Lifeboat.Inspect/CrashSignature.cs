using System.Text;
using Lifeboat.Core.Hashing;
using Lifeboat.Kernel;

namespace Lifeboat.Inspect;

/// <summary>
/// A short name of a crash that is the same for the same bug: across boots, CPUs and builds of the same code.
/// </summary>
/// <remarks>
/// SHA-256 of the kind and of the names of the innermost functions, without what only reports the crash or schedules, offsets, modules and
/// what the compiler puts behind names (<c>.cold</c>, <c>.isra.0</c>); the first 16 digits. Of errors of the hardware, which may
/// strike anywhere, the kind and the kernel's message.
/// </remarks>
public static class CrashSignature
{
    private const int MostFunctions = 4;
    private const int Digits = 16;

    /// <summary>The signature; null when no function is known.</summary>
    /// <param name="kind">The kind of crash.</param>
    /// <param name="frames">The calls that led to the place of the crash, as <see cref="CrashSite.Frames"/> has them.</param>
    public static string? Of(PanicKind kind, IReadOnlyList<string> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        var text = new StringBuilder(kind.ToString());
        int count = 0;
        foreach (string frame in frames)
        {
            if (count < MostFunctions && FunctionOf(frame) is { } function && !CrashPlaces.IsReporter(function) && !CrashPlaces.IsScheduler(function))
            {
                text.Append('\n').Append(function);
                count++;
            }
        }

        return count == 0 ? null : Hash(text.ToString());
    }

    /// <summary>The signature of a crash whose place is chance, as that of an error of the hardware: by its message.</summary>
    public static string Of(PanicKind kind, string message) => Hash($"{kind}\n\n{message}");

    private static string Hash(string text) => Convert.ToHexStringLower(Sha256.HashData(Encoding.UTF8.GetBytes(text)))[..Digits];

    /// <summary>The function's name in the source; null for a guess, and for an address without a name.</summary>
    public static string? FunctionOf(string frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        int end = frame.IndexOf('+', StringComparison.Ordinal);
        if (end <= 0 || frame[0] == '?')
        {
            return null;
        }

        int suffix = frame.IndexOf('.', StringComparison.Ordinal);
        return frame[..(suffix > 0 && suffix < end ? suffix : end)];
    }
}
