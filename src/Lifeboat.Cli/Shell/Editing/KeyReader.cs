using System.Text;

namespace Lifeboat.Cli.Shell.Editing;

/// <summary>Keys out of the bytes that a terminal sends.</summary>
/// <param name="next">Gives the next byte; -1 at the end.</param>
internal sealed class KeyReader(Func<int> next)
{
    private const int Escape = 0x1b;

    /// <summary>The text of the last key when it was <see cref="Key.Character"/>.</summary>
    public string Text { get; private set; } = "";

    public Key Read()
    {
        int value = next();
        return value switch
        {
            < 0 => Key.EndOfInput,
            0x01 => Key.Home,
            0x02 => Key.Left,
            0x03 => Key.Interrupt,
            0x04 => Key.EndOrDelete,
            0x05 => Key.End,
            0x06 => Key.Right,
            0x08 or 0x7f => Key.Backspace,
            0x09 => Key.Tab,
            0x0a or 0x0d => Key.Enter,
            0x0b => Key.KillToEnd,
            0x0c => Key.Clear,
            0x0e => Key.Down,
            0x10 => Key.Up,
            0x12 => Key.Search,
            0x15 => Key.KillToStart,
            0x17 => Key.KillWordLeft,
            0x19 => Key.Yank,
            Escape => ReadEscape(),
            < 0x20 => Key.None,
            _ => ReadCharacter(value),
        };
    }

    private Key ReadCharacter(int first)
    {
        int length = first switch { < 0x80 => 1, >= 0xf0 => 4, >= 0xe0 => 3, >= 0xc0 => 2, _ => 0 };
        Span<byte> bytes = stackalloc byte[4];
        bytes[0] = (byte)first;
        for (int i = 1; i < length; i++)
        {
            int value = next();
            if (value < 0)
            {
                return Key.EndOfInput;
            }

            bytes[i] = (byte)value;
        }

        Text = length == 0 ? "" : Encoding.UTF8.GetString(bytes[..length]);
        return Text.Length == 1 && !char.IsControl(Text[0]) ? Key.Character : Key.None;
    }

    private Key ReadEscape()
    {
        int kind = next();
        if (kind is not ('[' or 'O'))
        {
            return kind switch
            {
                'b' => Key.WordLeft,
                'f' => Key.WordRight,
                'd' => Key.KillWordRight,
                0x7f => Key.KillWordLeft,
                _ => kind < 0 ? Key.EndOfInput : Key.None,
            };
        }

        // Numbers, then a letter: ESC [ 1 ; 5 C is Ctrl and the arrow to the right.
        var numbers = new StringBuilder();
        int value = next();
        while (value is (>= '0' and <= '9') or ';' && numbers.Length < 16)
        {
            numbers.Append((char)value);
            value = next();
        }

        string number = numbers.ToString();
        bool isWord = number is "1;5" or "1;3" or "5";
        return value switch
        {
            'A' => Key.Up,
            'B' => Key.Down,
            'C' => isWord ? Key.WordRight : Key.Right,
            'D' => isWord ? Key.WordLeft : Key.Left,
            'H' => Key.Home,
            'F' => Key.End,
            '~' => number switch { "1" or "7" => Key.Home, "4" or "8" => Key.End, "3" => Key.Delete, _ => Key.None },
            _ => value < 0 ? Key.EndOfInput : Key.None,
        };
    }
}
