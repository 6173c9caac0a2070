using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Planning;

namespace Lifeboat.Kexec.Loading;

/// <summary>The files that a load is made of, mapped: no memory has to be found for what the page cache has already.</summary>
/// <remarks>
/// <para>Purgatory refuses content that differs from what was there when the plan was made. So a load of mapped files is one
/// only if <see cref="HaveChanged"/> says no after it; otherwise it is made once more, of copies (<see cref="Copy"/>).</para>
/// <para><b>Ownership.</b> What was mapped stays so for as long as the process does.</para>
/// <para><b>Thread safety.</b> One thread at a time.</para>
/// </remarks>
public sealed class LoadFiles
{
    private readonly List<FileMemory> _mapped = [];
    private KernelFile? _kernel;
    private bool _copies;

    /// <summary>The kernel in a file, opened once.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read.</exception>
    /// <exception cref="DiagnosticException">It is no kernel, or one that cannot be started.</exception>
    public KernelFile OpenKernel(string path) => _kernel ??= KernelFile.Open(Read(path), path);

    /// <summary>A file's bytes.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read.</exception>
    public ReadOnlyMemory<byte> Read(string path)
    {
        if (!_copies && FileMemory.TryMap(path) is { } memory)
        {
            _mapped.Add(memory);
            return memory.Memory;
        }

        return File.ReadAllBytes(path);
    }

    /// <summary>The files' bytes as one ramdisk (<see cref="Ramdisks.Join"/>); empty for no files.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read.</exception>
    /// <exception cref="DiagnosticException">Together they are too large.</exception>
    public ReadOnlyMemory<byte> Join(IReadOnlyList<string> paths)
    {
        var parts = new List<ReadOnlyMemory<byte>>(paths.Count);
        foreach (string path in paths)
        {
            parts.Add(Read(path));
        }

        return parts.Count == 0 ? default : Ramdisks.Join(parts);
    }

    /// <summary>Whether a file that is mapped was written to since.</summary>
    public bool HaveChanged()
    {
        foreach (FileMemory memory in _mapped)
        {
            if (memory.HasChanged())
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>From now on files are read into memory of their own, the kernel once more as well.</summary>
    public void Copy()
    {
        _mapped.Clear();
        _kernel = null;
        _copies = true;
    }
}
