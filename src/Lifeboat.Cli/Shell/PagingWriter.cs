using System.Text;

namespace Lifeboat.Cli.Shell;

/// <summary>Stops after each screen, as more does: a blank for the next one, Enter for a line, q for no more.</summary>
/// <param name="screen">The terminal.</param>
/// <param name="size">Its columns and rows.</param>
/// <param name="readKey">Waits for a key; -1 at the end of input.</param>
internal sealed class PagingWriter(TextWriter screen, Func<(int Columns, int Rows)> size, Func<int> readKey) : TextWriter
{
    private const string Prompt = "--More--";
    private int _columns;
    private int _column;
    private int _lines;
    private bool _isLeft;

    public override Encoding Encoding => screen.Encoding;

    public override void Write(char value)
    {
        if (_isLeft)
        {
            return;
        }

        if (_column == 0)
        {
            StartLine();
            if (_isLeft)
            {
                return;
            }
        }

        screen.Write(value);
        _column = value == '\n' ? 0 : _column + 1;
        if (value == '\n' || _column > _columns)
        {
            _lines++;
            _column = Math.Min(_column, 1);
        }
    }

    public override void Flush() => screen.Flush();

    private void StartLine()
    {
        (_columns, int rows) = size();
        if (_lines < Math.Max(1, rows - 1))
        {
            return;
        }

        screen.Write(Prompt);
        screen.Flush();
        int key = readKey();
        while (key is not (' ' or '\r' or '\n' or 'q' or 'Q' or 3 or 4 or < 0))
        {
            key = readKey();
        }

        screen.Write("\r\e[K");
        (_isLeft, _lines) = (key is not (' ' or '\r' or '\n'), key == ' ' ? 0 : rows - 2);
    }
}
