using System.Text;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Loading.Interop;
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
    /// <summary>What the kernel keeps free for " elfcorehdr=0x" and 16 digits (MAX_ELFCOREHDR_STR_LEN).</summary>
    private const int ElfCoreHeaderWord = 30;

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

        string text = request.CommandLine.Trim();
        byte[] line = [.. Encoding.UTF8.GetBytes(text), 0];
        int most = image.MaxCommandLineLength
            - ((request.Flags & FileLoadFlags.OnCrash) != FileLoadFlags.None ? ElfCoreHeaderWord : 0);
        if (text.AsSpan().ContainsAny('\0', '\n', '\r') || line.Length > most)
        {
            throw new DiagnosticException(new Diagnostic(
                KexecDiagnostics.CommandLineUnusable, "The command line cannot be handed to the next kernel")
            {
                Where = $"{request.KernelPath}, cmdline_size at 0x238",
                Found = line.Length > most ? $"{line.Length} bytes" : "a line break or a NUL",
                Expected = $"one line of at most {most} bytes",
                Remedy = "Give a shorter command line instead of taking over the running kernel's",
            });
        }

        return new FileLoad(request, line);
    }

    /// <summary>The call as the kernel's rules see it.</summary>
    public KexecFileCall ToCall() => new()
    {
        Flags = (uint)Flags,
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
