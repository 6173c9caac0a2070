using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Loading.Interop;
using Lifeboat.Kexec.Planning;
using Lifeboat.Kexec.Rules;
using Microsoft.Win32.SafeHandles;

namespace Lifeboat.Kexec.Loading;

/// <summary>Everything that kexec_file_load is given, checked as far as it can be before the call.</summary>
/// <remarks>
/// <para>The kernel makes the rest: it places the segments, writes the ELF core header, the memory map and the boot
/// parameters, brings a purgatory of its own and adds <c>elfcorehdr=</c>.</para>
/// </remarks>
public sealed class FileLoad
{
    private readonly FileLoadRequest _request;
    private readonly byte[] _commandLine;

    private FileLoad(FileLoadRequest request, byte[] commandLine)
    {
        _request = request;
        _commandLine = commandLine;
        IsFileItself = request.Kernel.Wrappers.Count == 0;
        bool hasRamdisk = request.Ramdisks.Count > 0 || !request.Kernel.Ramdisk.IsEmpty;
        Flags = hasRamdisk ? request.Flags : request.Flags | FileLoadFlags.NoRamdisk;
    }

    /// <summary>The kernel's path.</summary>
    public string KernelPath => _request.KernelPath;

    /// <summary>The kernel's version string; null when the image names none.</summary>
    public string? KernelVersion => _request.Kernel.Image.KernelVersion;

    /// <summary>The ramdisks' paths; empty when there is none, or it comes with the kernel.</summary>
    public IReadOnlyList<string> Ramdisks => _request.Ramdisks;

    /// <summary>The next kernel's command line, as it is handed over.</summary>
    public string CommandLine => _request.CommandLine.Trim();

    /// <summary>The flags of the call.</summary>
    public FileLoadFlags Flags { get; }

    /// <summary>
    /// Whether the call is given the file itself. What was taken out of another file goes through memory, and what the
    /// filesystem keeps with the file, such as an IMA signature, stays behind.
    /// </summary>
    public bool IsFileItself { get; }

    /// <summary>What a refusal is explained from.</summary>
    internal LoaderImage Image => LoaderImage.Of(_request.Kernel);

    /// <summary>Checks what is to be loaded.</summary>
    /// <exception cref="DiagnosticException">
    /// The image is none that the call knows, or the command line is too long or cannot be carried.
    /// </exception>
    public static FileLoad Prepare(FileLoadRequest request)
    {
        if (request.Kernel.Image is not BzImage image)
        {
            throw new DiagnosticException(new Diagnostic(
                KexecDiagnostics.ImageUnsuitable, "kexec_file_load knows only bzImage on x86-64")
            {
                Where = request.KernelPath,
                Found = request.Kernel.Image.Format,
                Remedy = "Use --call kexec_load",
            });
        }

        // The kernel counts the line's NUL, and for a crash what it adds to the line itself.
        bool onCrash = (request.Flags & FileLoadFlags.OnCrash) != FileLoadFlags.None;
        int reserved = 1 + (onCrash ? KexecFileRules.ElfCoreHeaderRoom : 0);
        return new FileLoad(request, NextCommandLine.Encode(request.CommandLine.Trim(), image, reserved));
    }

    /// <summary>The call as the kernel's rules see it.</summary>
    public KexecFileCall ToCall() => new()
    {
        Flags = Flags,
        KernelLength = new ByteCount((ulong)(IsFileItself ? _request.Kernel.Bytes : _request.Kernel.ImageBytes).Length),
        ImageFault = "",
        SignatureGood = Image.IsSigned ? null : false,
        RamdiskLength = RamdiskSize(),
        CommandLineLength = new ByteCount((ulong)_commandLine.Length),
        CommandLineRoom = new ByteCount((ulong)_request.Kernel.Image.MaxCommandLineLength),
    };

    /// <summary>Makes the call.</summary>
    /// <exception cref="IOException">A file cannot be opened.</exception>
    internal Core.Linux.Errno Call()
    {
        using SafeFileHandle kernel = IsFileItself
            ? File.OpenHandle(KernelPath)
            : MemoryFile.Create("kernel", _request.Kernel.ImageBytes.Span);
        using SafeFileHandle? ramdisk = OpenRamdisk();
        return KexecCalls.LoadFile(kernel, ramdisk, _commandLine, Flags);
    }

    /// <summary>Bytes of all ramdisks together.</summary>
    public ByteCount RamdiskSize()
    {
        ulong sum = Ramdisks.Count == 0 ? (ulong)_request.Kernel.Ramdisk.Length : 0;
        foreach (string path in Ramdisks)
        {
            sum += (ulong)new FileInfo(path).Length;
        }

        return new ByteCount(sum);
    }

    private SafeFileHandle? OpenRamdisk() => (Flags & FileLoadFlags.NoRamdisk) != FileLoadFlags.None ? null
        : Ramdisks is [var only] ? File.OpenHandle(only)
        : MemoryFile.Create("ramdisk", (Ramdisks.Count == 0 ? _request.Kernel.Ramdisk : new LoadFiles().Join(Ramdisks)).Span);
}
