using System.Buffers;

namespace Lifeboat.Kexec.Loading.Interop;

/// <summary>Buffers that are held in place together.</summary>
internal sealed class MemoryHandleList(int capacity) : IDisposable
{
    private readonly List<MemoryHandle> _handles = new(capacity);

    public void Dispose()
    {
        foreach (MemoryHandle handle in _handles)
        {
            handle.Dispose();
        }

        _handles.Clear();
    }

    /// <summary>Pins a buffer until this is disposed of, and gives its address.</summary>
    internal unsafe nint Pin(ReadOnlyMemory<byte> memory)
    {
        MemoryHandle handle = memory.Pin();
        _handles.Add(handle);

        // Safety: only the address is taken; the handle keeps it valid.
        return (nint)handle.Pointer;
    }
}
