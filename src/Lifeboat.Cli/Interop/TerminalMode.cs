using System.Runtime.InteropServices;

namespace Lifeboat.Cli.Interop;

/// <summary>The terminal of standard input, taken key by key for as long as this lives.</summary>
internal sealed partial class TerminalMode : IDisposable
{
    private const string Library = "libc";
    private const int Input = 0;
    private const int Output = 1;
    private const int AfterOutput = 1; // TCSADRAIN
    private const nuint AskSize = 0x5413; // TIOCGWINSZ
    private const int StateSize = 256; // struct termios has 60 bytes

    private readonly byte[] _before;
    private bool _isRaw;

    private TerminalMode(byte[] before) => _before = before;

    /// <summary>Takes it; null when standard input is no terminal.</summary>
    public static TerminalMode? TryEnter()
    {
        byte[] before = new byte[StateSize];
        if (Get(before) < 0)
        {
            return null;
        }

        byte[] raw = [.. before];
        MakeRaw(raw);
        var mode = new TerminalMode(before);
        mode._isRaw = Set(raw) == 0;
        return mode._isRaw ? mode : null;
    }

    /// <summary>The terminal's columns and rows; 80 and 24 when it does not say.</summary>
    public static (int Columns, int Rows) Size()
    {
        Span<ushort> size = stackalloc ushort[4];
        size.Clear();
        return GetSize(size) == 0 && size is [> 0, > 0, ..] ? (size[1], size[0]) : (80, 24);
    }

    /// <summary>One byte of standard input; -1 at its end.</summary>
    public static int ReadByte()
    {
        Span<byte> one = stackalloc byte[1];
        nint count;
        do
        {
            count = Read(one);
        }
        while (count < 0 && Marshal.GetLastPInvokeError() == (int)Core.Linux.Errno.EINTR);
        return count == 1 ? one[0] : -1;
    }

    /// <summary>Gives the terminal back as it was.</summary>
    public void Dispose()
    {
        if (_isRaw)
        {
            _isRaw = false;
            _ = Set(_before);
        }
    }

    // Safety: the array is larger than the structure.
    private static unsafe int Get(byte[] state)
    {
        fixed (byte* place = state)
        {
            return GetState(Input, place);
        }
    }

    // Safety: as above.
    private static unsafe int Set(byte[] state)
    {
        fixed (byte* place = state)
        {
            return SetState(Input, AfterOutput, place);
        }
    }

    // Safety: as above.
    private static unsafe void MakeRaw(byte[] state)
    {
        fixed (byte* place = state)
        {
            MakeRaw(place);
        }
    }

    // Safety: struct winsize is four numbers of 16 bits.
    private static unsafe int GetSize(Span<ushort> size)
    {
        fixed (ushort* place = size)
        {
            return Control(Output, AskSize, place);
        }
    }

    // Safety: reads as many bytes as there are.
    private static unsafe nint Read(Span<byte> bytes)
    {
        fixed (byte* place = bytes)
        {
            return Read(Input, place, (nuint)bytes.Length);
        }
    }

    [LibraryImport(Library, EntryPoint = "tcgetattr", SetLastError = true)]
    private static unsafe partial int GetState(int descriptor, byte* state);

    [LibraryImport(Library, EntryPoint = "tcsetattr", SetLastError = true)]
    private static unsafe partial int SetState(int descriptor, int when, byte* state);

    [LibraryImport(Library, EntryPoint = "cfmakeraw")]
    private static unsafe partial void MakeRaw(byte* state);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    private static unsafe partial int Control(int descriptor, nuint request, ushort* size);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    private static unsafe partial nint Read(int descriptor, byte* bytes, nuint length);
}
