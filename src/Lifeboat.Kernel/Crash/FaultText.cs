using System.Globalization;
using Lifeboat.Core.Memory;

namespace Lifeboat.Kernel.Crash;

/// <summary>Reads the line that begins a report of the kernel's.</summary>
internal static class FaultText
{
    // In the words of every kernel since 5.0, x86-64 first, then arm64: "BUG: kernel NULL pointer dereference, address: 0000000000000010", "BUG: unable to
    // handle page fault for address: ...", "general protection fault, probably for non-canonical address 0x...: 0000", "Unable to handle
    // kernel NULL pointer dereference at virtual address ...".
    private static readonly string[] BeforeAddress = ["address: ", "address 0x", "virtual address "];

    /// <summary>The address that it tells; null when it tells none.</summary>
    internal static VirtualAddress? Address(string? line)
    {
        foreach (string key in BeforeAddress)
        {
            int start = line?.IndexOf(key, StringComparison.Ordinal) ?? -1;
            if (start >= 0)
            {
                ReadOnlySpan<char> text = line.AsSpan(start + key.Length);
                int end = 0;
                while (end < text.Length && char.IsAsciiHexDigitLower(text[end]))
                {
                    end++;
                }

                return ulong.TryParse(text[..end], NumberStyles.AllowHexSpecifier, null, out ulong address)
                    ? new VirtualAddress(address) : null;
            }
        }

        return null;
    }

    /// <summary>The number in <c>INFO: task NAME:PID blocked for more than</c>; null in other lines.</summary>
    internal static int? BlockedPid(string? line)
    {
        int end = line?.IndexOf(" blocked ", StringComparison.Ordinal) ?? -1;
        int start = end < 0 ? -1 : line!.LastIndexOf(':', end);
        return start >= 0 && int.TryParse(line.AsSpan(start + 1, end - start - 1), NumberStyles.None, null, out int pid) ? pid : null;
    }
}
