using System.Globalization;
using System.Text;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Http;

/// <summary>
/// Reads answers off a connection (RFC 9112). Whatever a server sends: what is kept of it has a limit, and what breaks the rules ends
/// the connection.
/// </summary>
internal sealed class HttpResponseReader(Channel channel, string name)
{
    private const int MaxHead = 32 << 10;
    private const int MaxFields = 100;
    private const int MaxBody = 1 << 20;
    private const int MaxInterim = 10;

    private readonly byte[] _buffer = new byte[4096];
    private int _start;
    private int _end;

    /// <summary>Whether the connection can be used for another request.</summary>
    internal bool CanGoOn { get; private set; } = true;

    /// <summary>Whether a byte of an answer has come.</summary>
    internal bool HasBegun { get; private set; }

    /// <summary>Whether something is here that was not read.</summary>
    internal bool HasInput => _start < _end || channel.HasInput;

    /// <summary>A request goes out now; nothing of its answer is here.</summary>
    internal void Expect() => HasBegun = false;

    /// <summary>Reads an answer; those that only say that one will come are passed over.</summary>
    /// <param name="isHead">Whether the answer has no body, whatever it says.</param>
    /// <param name="takesInterim">Whether a 100 is an answer, too.</param>
    internal HttpResponse Read(bool isHead, bool takesInterim = false)
    {
        for (int count = 0; count < MaxInterim; count++)
        {
            int left = MaxHead;
            string line = ReadLine(ref left);
            HasBegun = true;
            int status = StatusOf(line);
            HttpFields fields = ReadFields(ref left);
            if (status >= 200 || (takesInterim && status == 100))
            {
                CanGoOn = line.StartsWith("HTTP/1.1", StringComparison.Ordinal) && !fields.Lists("Connection", "close");
                return new HttpResponse(status, fields, isHead || status is < 200 or 204 or 304 ? [] : ReadBody(fields));
            }
        }

        throw Bad($"{MaxInterim} answers that are none yet");
    }

    private int StatusOf(string line) =>
        line.Length >= 12 && line.StartsWith("HTTP/1.", StringComparison.Ordinal) && line[8] == ' '
        && int.TryParse(line.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out int status) && status is >= 100 and < 600
            ? status
            : throw Bad(line);

    private HttpFields ReadFields(ref int left)
    {
        var fields = new HttpFields();
        for (string line; (line = ReadLine(ref left)).Length > 0;)
        {
            int colon = line.IndexOf(':');
            if (colon <= 0 || fields.Count == MaxFields)
            {
                throw Bad(colon <= 0 ? line : $"more than {MaxFields} header fields");
            }

            fields.Add(line[..colon], line[(colon + 1)..].Trim());
        }

        return fields;
    }

    private byte[] ReadBody(HttpFields fields)
    {
        var body = new MemoryStream();
        if (fields.Find("Transfer-Encoding") is { } coding)
        {
            ReadChunks(coding, body);
        }
        else if (fields.Find("Content-Length") is { } length)
        {
            if (!int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count > MaxBody)
            {
                throw Bad($"a body of {length} bytes");
            }

            ReadExactly(count, body);
        }
        else
        {
            CanGoOn = false;
            while (body.Length < MaxBody && (_start < _end || Fill()))
            {
                Take(_end - _start, body);
            }
        }

        return body.ToArray();
    }

    private void ReadChunks(string coding, MemoryStream body)
    {
        if (!coding.Equals("chunked", StringComparison.OrdinalIgnoreCase))
        {
            throw Bad($"Transfer-Encoding: {coding}");
        }

        int left = MaxHead;
        while (true)
        {
            string line = ReadLine(ref left);
            int end = line.IndexOfAny([';', ' ']);
            if (!int.TryParse(end < 0 ? line : line[..end], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int count)
                || count < 0 || count > MaxBody - body.Length)
            {
                throw Bad($"a chunk of {line} bytes");
            }

            if (count == 0)
            {
                _ = ReadFields(ref left);
                return;
            }

            ReadExactly(count, body);
            if (ReadLine(ref left).Length > 0)
            {
                throw Bad("a chunk that is longer than it says");
            }
        }
    }

    private void ReadExactly(int count, MemoryStream body)
    {
        while (count > 0)
        {
            Require();
            int taken = Math.Min(count, _end - _start);
            Take(taken, body);
            count -= taken;
        }
    }

    private void Take(int count, MemoryStream body)
    {
        body.Write(_buffer, _start, count);
        _start += count;
    }

    private string ReadLine(ref int left)
    {
        var line = new StringBuilder();
        while (true)
        {
            Require();
            byte value = _buffer[_start++];
            if (value == '\n')
            {
                return line.Length > 0 && line[^1] == '\r' ? line.ToString(0, line.Length - 1) : line.ToString();
            }

            if (--left < 0)
            {
                throw Bad($"a head of more than {MaxHead} bytes");
            }

            line.Append((char)value);
        }
    }

    private void Require()
    {
        if (_start == _end && !Fill())
        {
            CanGoOn = false;
            throw new TransportException($"{name}: the server ended the connection {(HasBegun ? "within" : "before")} its answer");
        }
    }

    private bool Fill()
    {
        _start = 0;
        _end = channel.Read(_buffer);
        return _end > 0;
    }

    private DiagnosticException Bad(string found)
    {
        CanGoOn = false;
        return new DiagnosticException(new Diagnostic(CaptureDiagnostics.BadAnswer, "A server's answer is not understood")
        {
            Where = name,
            Found = Settings.SettingText.Shown(found),
            Expected = "HTTP/1.1",
            Remedy = "Does an HTTP server listen on that port?",
        });
    }
}
