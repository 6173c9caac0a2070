using System.Buffers.Binary;
using System.Text;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Planning;

/// <summary>The next kernel's command line, with what the planner adds to what was asked for.</summary>
internal static class NextCommandLine
{
    /// <summary>
    /// How the next kernel's programs learn where to return to (kexec-tools' name for it); purgatory writes the digits, as nobody
    /// knows the address before.
    /// </summary>
    internal const string JumpBackParameter = "kexec_jump_back_entry=0x";

    internal const int JumpBackDigits = 16;

    /// <summary>The first protocol whose boot_params have the ACPI root pointer (Linux 5.0).</summary>
    private const ushort ProtocolWithAcpi = 0x020e;

    private const int ProtocolOffset = 0x206 - SetupHeader.FileOffset;

    /// <summary>A kernel that is not told looks for the root pointer here by itself.</summary>
    private static readonly PhysicalRange BiosArea = new(new PhysicalAddress(0xe0000), new PhysicalAddress(0x100000));

    /// <summary>The words joined by spaces; empty ones are left out.</summary>
    internal static string Join(params ReadOnlySpan<string> words)
    {
        var text = new StringBuilder();
        foreach (string word in words)
        {
            string trimmed = word.Trim();
            text.Append(text.Length > 0 && trimmed.Length > 0 ? " " : "").Append(trimmed);
        }

        return text.ToString();
    }

    /// <summary>
    /// <c>acpi_rsdp=</c> for a kernel that does not read the pointer in boot_params, and would not find it; empty for others.
    /// </summary>
    internal static string AcpiParameter(KernelImage image, MachineDescription machine)
    {
        if (image.Entry is KernelEntry.Multiboot1 or KernelEntry.Multiboot2)
        {
            return "";
        }

        ReadOnlySpan<byte> header = image.SetupHeaderBytes.Span;
        bool reads = header.Length > ProtocolOffset + 1
            && BinaryPrimitives.ReadUInt16LittleEndian(header[ProtocolOffset..]) >= ProtocolWithAcpi;
        return !reads && machine.AcpiRsdp is { } pointer && !BiosArea.Contains(pointer) ? $"acpi_rsdp={pointer}" : "";
    }

    /// <summary>The line as the kernel reads it: its bytes and a NUL.</summary>
    /// <param name="commandLine">The line, with all that this side adds to it.</param>
    /// <param name="image">The kernel that reads it.</param>
    /// <param name="reserved">Bytes of the image's limit that are to stay free.</param>
    /// <exception cref="DiagnosticException">It is too long for the image, or holds what a command line cannot.</exception>
    internal static byte[] Encode(string commandLine, KernelImage image, int reserved = 0)
    {
        if (commandLine.AsSpan().ContainsAny('\0', '\n', '\r'))
        {
            throw new DiagnosticException(new Diagnostic(
                KexecDiagnostics.CommandLineUnusable, "The command line holds a line break or a NUL")
            {
                Expected = "one line",
            });
        }

        byte[] text = Encoding.UTF8.GetBytes(commandLine);
        int most = image.MaxCommandLineLength - reserved;
        if (text.Length > most)
        {
            throw new DiagnosticException(new Diagnostic(
                KexecDiagnostics.CommandLineUnusable,
                "The next kernel's command line is too long for the kernel image")
            {
                Where = $"{image.Name}, cmdline_size at 0x238",
                Found = $"{text.Length} bytes with what is added to it",
                Expected = $"at most {most}",
                Remedy = "Give a shorter command line instead of taking over the running kernel's",
            });
        }

        return [.. text, 0];
    }
}
