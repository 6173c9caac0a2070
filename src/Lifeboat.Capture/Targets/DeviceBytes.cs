using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Lifeboat.Capture.Targets;

/// <summary>Reads small pieces of a device whose size is known; what lies outside is not there.</summary>
internal sealed class DeviceBytes(SafeFileHandle handle, long size)
{
    internal const int SectorSize = 512;

    /// <summary>Bytes of the device; 0 when it has no medium.</summary>
    internal long Size { get; } = size;

    /// <summary>Bytes at an offset; none unless all of them are there.</summary>
    /// <exception cref="IOException">The device fails.</exception>
    internal ReadOnlySpan<byte> Read(long offset, int length)
    {
        if (offset < 0 || offset > Size - length)
        {
            return [];
        }

        byte[] bytes = new byte[length];
        int done = 0;
        while (done < length)
        {
            int count = RandomAccess.Read(handle, bytes.AsSpan(done), offset + done);
            if (count == 0)
            {
                return [];
            }

            done += count;
        }

        return bytes;
    }

    /// <summary>Text that ends with its field or with a NUL.</summary>
    internal static string Text(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }

    /// <summary>A UUID as its bytes stand on the device.</summary>
    internal static string Uuid(ReadOnlySpan<byte> bytes) => new Guid(bytes[..16], bigEndian: true).ToString("D");
}
