using System.Runtime.InteropServices;

namespace Lifeboat.Core.Tests.Compression;

/// <summary>Memory that ends where nothing may be touched: a read or write beyond it ends the test run.</summary>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    private const int PageSize = 4096;
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;

    private readonly byte* _start;
    private readonly nuint _length;

    internal GuardedMemory(int size)
    {
        _length = (nuint)((size + PageSize - 1) / PageSize * PageSize) + PageSize;

        // Safety: a mapping of our own; its last page is made unreadable, and spans end before it.
        _start = (byte*)Map(null, _length, ReadWrite, PrivateAnonymous, -1, 0);
        Assert.NotEqual(-1, (nint)_start);
        Assert.Equal(0, Protect(_start + _length - PageSize, PageSize, 0));
    }

    public void Dispose() => _ = Unmap(_start, _length);

    /// <summary>The last <paramref name="length"/> bytes before the guard.</summary>
    internal Span<byte> Last(int length) => new(_start + _length - PageSize - (nuint)length, length);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
