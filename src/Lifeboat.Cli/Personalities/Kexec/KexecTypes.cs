using Lifeboat.Kexec.Images;

namespace Lifeboat.Cli.Personalities.Kexec;

/// <summary>kexec's names of image types (<c>-t</c>); what a file is, is found by its content all the same.</summary>
internal static class KexecTypes
{
    private const string Uki = "uki";

    private static readonly (string Name, string Format)[] All =
    [
        ("bzImage64", "bzImage"), ("bzImage", "bzImage"), ("elf-x86_64", "ELF vmlinux"), ("elf-x86", "ELF vmlinux"),
        ("multiboot-x86", "Multiboot"), ("multiboot2-x86", "Multiboot2"), (Uki, Uki),
    ];

    /// <summary>Tells when the kernel is not of the type that was asked for.</summary>
    public static void Require(string? type, KernelFile kernel)
    {
        if (type is null)
        {
            return;
        }

        foreach ((string name, string format) in All)
        {
            if (name == type)
            {
                if (kernel.Image.Format == format || (type == Uki && IsUki(kernel)))
                {
                    return;
                }

                throw new KexecException(
                    $"kexec: {kernel.Image.Name} is not of type {type}: it is {(IsUki(kernel) ? Uki : kernel.Image.Format)}", KexecPersonality.Failed);
            }
        }

        throw new KexecException($"Unsupported file type {type}", KexecPersonality.Failed, showsUsage: true);
    }

    private static bool IsUki(KernelFile kernel)
    {
        foreach (string wrapper in kernel.Wrappers)
        {
            if (wrapper.Equals(Uki, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
