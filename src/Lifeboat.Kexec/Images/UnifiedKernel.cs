using System.Text;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Kexec.Images;

/// <summary>
/// A unified kernel image (UKI): an EFI program whose sections hold kernel, ramdisk and command line. Source: the UAPI
/// group's UKI specification, and what systemd-stub does with it.
/// </summary>
/// <remarks>
/// A UKI of several profiles has a <c>.profile</c> section before the sections of each. What the firmware would start
/// is taken: the sections before the first <c>.profile</c>, and instead of them those of the first profile.
/// </remarks>
internal sealed class UnifiedKernel
{
    private const string KernelSection = ".linux";
    private const string ProfileSection = ".profile";

    /// <summary>The longest text that is believed of a section; a kernel's command line has at most 2,048 bytes.</summary>
    private const int LongestText = 64 << 10;

    private readonly IReadOnlyList<PeSection> _sections;
    private readonly ReadOnlyMemory<byte> _file;
    private readonly string _name;

    private UnifiedKernel(IReadOnlyList<PeSection> sections, ReadOnlyMemory<byte> file, string name)
    {
        (_sections, _file, _name) = (sections, file, name);
        Kernel = Content(KernelSection);
        Ramdisk = Join(Content(".ucode"), Content(".initrd"));
        DeviceTree = Content(".dtb");
        CommandLine = Line(Text(".cmdline"));
        Release = Line(Text(".uname"));
        OsRelease = Text(".osrel");
    }

    /// <summary>The kernel, itself a whole file.</summary>
    internal ReadOnlyMemory<byte> Kernel { get; }

    /// <summary>The ramdisk, with the microcode updates before it; empty for none.</summary>
    internal ReadOnlyMemory<byte> Ramdisk { get; }

    /// <summary>The flattened device tree; empty for none.</summary>
    internal ReadOnlyMemory<byte> DeviceTree { get; }

    /// <summary>The command line; null for none.</summary>
    internal string? CommandLine { get; }

    /// <summary>The kernel's release as the maker of the file wrote it down; null for none.</summary>
    internal string? Release { get; }

    /// <summary>The text of the system's os-release; null for none.</summary>
    internal string? OsRelease { get; }

    /// <summary>Reads the sections; null when the file is no EFI program, or one without a kernel.</summary>
    /// <exception cref="DiagnosticException">It has a kernel, and a section that is needed is damaged.</exception>
    internal static UnifiedKernel? TryRead(ReadOnlyMemory<byte> file, string name)
    {
        if (!PeFile.Matches(file.Span))
        {
            return null;
        }

        IReadOnlyList<PeSection> sections = PeFile.ReadSections(file.Span, name);
        foreach (PeSection section in sections)
        {
            if (section.Name == KernelSection)
            {
                return new UnifiedKernel(sections, file, name);
            }
        }

        return null;
    }

    /// <summary>Microcode comes first, as the kernel looks for it only in what is not compressed before the ramdisk.</summary>
    private static ReadOnlyMemory<byte> Join(ReadOnlyMemory<byte> microcode, ReadOnlyMemory<byte> ramdisk)
    {
        if (microcode.IsEmpty || ramdisk.IsEmpty)
        {
            return microcode.IsEmpty ? ramdisk : microcode;
        }

        // A cpio archive begins at a multiple of four bytes.
        int start = (microcode.Length + 3) & ~3;
        var joined = new byte[start + ramdisk.Length];
        microcode.CopyTo(joined);
        ramdisk.CopyTo(joined.AsMemory(start));
        return joined;
    }

    private static string? Line(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var line = new StringBuilder(text.Length);
        foreach (char character in text)
        {
            line.Append(character < ' ' ? ' ' : character);
        }

        string trimmed = line.ToString().Trim();
        return trimmed.Length == 0 ? null : trimmed;
    }

    private string? Text(string section)
    {
        ReadOnlySpan<byte> bytes = Content(section).Span;
        int end = bytes.IndexOf((byte)0);
        bytes = end < 0 ? bytes : bytes[..end];
        return bytes.Length > LongestText
            ? throw ImageRefusal.Damaged("A text of the unified kernel image is longer than is believed",
                $"{_name}, section {section}", $"{bytes.Length} bytes", $"at most {LongestText}")
            : bytes.IsEmpty ? null : Encoding.UTF8.GetString(bytes);
    }

    private ReadOnlyMemory<byte> Content(string name)
    {
        // The first of a name counts, among those of the first profile and then among those before it.
        PeSection? common = null;
        PeSection? own = null;
        int profiles = 0;
        foreach (PeSection section in _sections)
        {
            if (section.Name == ProfileSection)
            {
                profiles++;
            }
            else if (section.Name == name)
            {
                common = profiles == 0 ? common ?? section : common;
                own = profiles == 1 ? own ?? section : own;
            }
        }

        return (own ?? common) is { } found ? PeFile.ContentOf(found, _file, _name) : default;
    }
}
