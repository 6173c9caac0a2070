using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Elf;

namespace Lifeboat.Kexec.Images;

/// <summary>Takes one file out of its wrappers until the kernel is left, and remembers what else was in them.</summary>
internal sealed class KernelFileReader(DumpLimits limits)
{
    /// <summary>A compressed UKI with a zboot image of a compressed kernel has four.</summary>
    private const int MostWrappers = 4;

    private readonly List<string> _wrappers = [];
    private UnifiedKernel? _unified;

    /// <summary>Reads the file.</summary>
    /// <exception cref="DiagnosticException">It is no kernel, or one that cannot be started.</exception>
    internal KernelFile Read(ReadOnlyMemory<byte> file, string name)
    {
        if (file.Length > limits.MaxImageBytes)
        {
            throw ImageRefusal.Foreign("The kernel image is larger than is believed",
                name, $"{file.Length} bytes", $"at most {limits.MaxImageBytes}");
        }

        ReadOnlyMemory<byte> bytes = file;
        string where = name;
        while (Unwrap(ref bytes, ref where))
        {
            if (_wrappers.Count > MostWrappers)
            {
                throw ImageRefusal.Foreign("The kernel lies in more wrappers than is believed",
                    name, string.Join(", ", _wrappers), $"at most {MostWrappers}");
            }
        }

        return new KernelFile(Identify(bytes, where))
        {
            Name = name,
            Bytes = file,
            ImageBytes = bytes,
            Wrappers = _wrappers,
            Ramdisk = _unified?.Ramdisk ?? default,
            CommandLine = _unified?.CommandLine,
            DeviceTree = _unified?.DeviceTree ?? default,
            OsRelease = _unified?.OsRelease,
            Release = _unified?.Release,
        };
    }

    private KernelImage Identify(ReadOnlyMemory<byte> bytes, string where)
    {
        // A file that is nothing at all is told as no bzImage, with what it looks like.
        if (BzImage.Matches(bytes.Span) || ImageKinds.OtherMachine(bytes.Span) is not null)
        {
            return BzImage.Parse(bytes, where, limits);
        }

        if (MultibootImage.TryParse(bytes, where) is { } multiboot)
        {
            return multiboot;
        }

        return Elf64Header.IsElf(bytes.Span)
            ? ElfKernel.Parse(bytes, where)
            : BzImage.Parse(bytes, where, limits);
    }

    private bool Unwrap(ref ReadOnlyMemory<byte> bytes, ref string where)
    {
        // A bzImage with an EFI stub is a PE file too.
        ReadOnlySpan<byte> span = bytes.Span;
        if (BzImage.Matches(span) || ImageKinds.OtherMachine(span) is not null)
        {
            return false;
        }

        if (CompressedFile.FormatOf(span) is { } format)
        {
            bytes = CompressedFile.Unpack(format, span, where, limits);
            return Entered(format, $"{where} (unpacked)", ref where);
        }

        if (ZbootImage.Matches(span))
        {
            bytes = ZbootImage.Unpack(span, where, limits);
            return Entered("EFI zboot", $"{where} (unpacked)", ref where);
        }

        if (UnifiedKernel.TryRead(bytes, where) is not { } unified)
        {
            return false;
        }

        if (_unified is not null || unified.Kernel.IsEmpty)
        {
            throw ImageRefusal.Damaged("The unified kernel image holds no kernel", $"{where}, section .linux",
                _unified is null ? "no bytes" : "another unified kernel image", "a kernel");
        }

        _unified = unified;
        bytes = unified.Kernel;
        return Entered("UKI", $"{where} (.linux)", ref where);
    }

    private bool Entered(string wrapper, string inner, ref string where)
    {
        _wrappers.Add(wrapper);
        where = inner;
        return true;
    }
}
