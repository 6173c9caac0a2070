using System.Globalization;
using System.Text;

namespace Lifeboat.Capture.Http;

/// <summary>Requests to one server, one after another, over a connection that is made when it is needed.</summary>
/// <remarks><para><b>Thread safety.</b> One thread at a time.</para></remarks>
internal sealed class HttpConnection(HttpServer server, CancellationToken cancellation) : IDisposable
{
    // Sent at a time; in between is looked whether the server has answered already, with a refusal mostly.
    private const int Block = 256 << 10;

    private Channel? _channel;
    private HttpResponseReader? _reader;

    /// <summary>Sends a request with its body and reads the answer.</summary>
    /// <exception cref="TransportException">There is no connection, or it broke, or took too long.</exception>
    /// <exception cref="Core.Diagnostics.DiagnosticException">The server is not to be trusted, or its answer not understood.</exception>
    internal HttpResponse Send(HttpRequest request, ReadOnlySpan<byte> body)
    {
        bool isReused = Prepare();
        try
        {
            return Exchange(request, body);
        }
        catch (TransportException failure) when (isReused && !failure.IsStall && _reader is { HasBegun: false })
        {
            // A server may end a connection that nothing happens on just when a request goes out.
            Close();
        }

        Prepare();
        return Exchange(request, body);
    }

    /// <summary>Begins a request whose body's length is not known, once the server has said that it will take it.</summary>
    /// <returns>Null when it takes it, else its refusal.</returns>
    internal HttpResponse? Begin(HttpRequest request)
    {
        Prepare();
        return Guard(() =>
        {
            WriteHead(request, "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n");
            if (!_channel!.WaitForInput(server.Timeouts.Continue))
            {
                // Old servers do not know the question; they take the body.
                return null;
            }

            HttpResponse answer = _reader!.Read(isHead: false, takesInterim: true);
            return answer.Status == 100 ? null : Answered(answer);
        });
    }

    /// <summary>Sends a piece of the body of the request that was begun.</summary>
    internal void Write(ReadOnlySpan<byte> data)
    {
        if (data.Length == 0)
        {
            return;
        }

        Channel channel = _channel ?? throw new TransportException($"{server.Url.Authority}: the connection is gone");
        try
        {
            channel.Write(Encoding.ASCII.GetBytes(data.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"));
            channel.Write(data);
            channel.Write("\r\n"u8);
        }
        catch
        {
            Close();
            throw;
        }
    }

    /// <summary>Whether the server answers before it has the whole body.</summary>
    internal bool HasAnswer => _reader?.HasInput == true;

    /// <summary>Reads the answer to the request that was begun.</summary>
    /// <param name="isWhole">Whether its body is at its end; otherwise the connection is ended afterwards.</param>
    internal HttpResponse Finish(bool isWhole) => Guard(() =>
    {
        if (_channel is null || _reader is null)
        {
            throw new TransportException($"{server.Url.Authority}: the connection is gone");
        }

        if (isWhole)
        {
            _channel.Write("0\r\n\r\n"u8);
            _channel.Flush();
        }

        HttpResponse answer = Answered(_reader.Read(isHead: false));
        if (!isWhole)
        {
            Close();
        }

        return answer;
    })!;

    /// <summary>Ends the connection; the next request makes a new one.</summary>
    internal void Close()
    {
        _channel?.Dispose();
        _channel = null;
        _reader = null;
    }

    public void Dispose() => Close();

    // Whether there was a connection already that seems to be good.
    private bool Prepare()
    {
        cancellation.ThrowIfCancellationRequested();
        if (_channel is not null && _reader is { HasInput: false })
        {
            return true;
        }

        Close();
        _channel = server.Connect(cancellation);
        _reader = new HttpResponseReader(_channel, server.Url.Authority);
        return false;
    }

    private HttpResponse Exchange(HttpRequest request, ReadOnlySpan<byte> body)
    {
        try
        {
            bool hasBody = body.Length > 0 || request.Method is "PUT" or "POST" or "PATCH";
            WriteHead(request, hasBody ? $"Content-Length: {body.Length.ToString(CultureInfo.InvariantCulture)}\r\n" : "");
            bool isWhole = WriteBody(body);
            HttpResponse answer = Answered(_reader!.Read(request.IsHead));
            if (!isWhole)
            {
                Close();
            }

            return answer;
        }
        catch
        {
            CloseUnread();
            throw;
        }
    }

    private HttpResponse? Guard(Func<HttpResponse?> action)
    {
        try
        {
            return action();
        }
        catch
        {
            Close();
            throw;
        }
    }

    // The reader is kept for its word on whether an answer had begun.
    private void CloseUnread()
    {
        _channel?.Dispose();
        _channel = null;
    }

    private void WriteHead(HttpRequest request, string framing)
    {
        var head = new StringBuilder()
            .Append(request.Method).Append(' ').Append(request.Path).Append(" HTTP/1.1\r\nHost: ").Append(server.Url.Authority)
            .Append("\r\nUser-Agent: lifeboat\r\n");
        for (int i = 0; i < request.Fields.Count; i++)
        {
            head.Append(request.Fields.NameAt(i)).Append(": ").Append(request.Fields.ValueAt(i)).Append("\r\n");
        }

        _reader!.Expect();
        _channel!.Write(Encoding.ASCII.GetBytes(head.Append(framing).Append("\r\n").ToString()));
        _channel.Flush();
    }

    private bool WriteBody(ReadOnlySpan<byte> body)
    {
        while (body.Length > 0)
        {
            int count = Math.Min(body.Length, Block);
            try
            {
                _channel!.Write(body[..count]);
                body = body[count..];
                if (body.Length > 0 && HasAnswer)
                {
                    return false;
                }
            }
            catch (TransportException) when (HasAnswer)
            {
                // A server that refuses a body answers and closes; the answer says why.
                return false;
            }
        }

        _channel!.Flush();
        return true;
    }

    private HttpResponse Answered(HttpResponse answer)
    {
        if (!_reader!.CanGoOn)
        {
            Close();
        }

        return answer;
    }
}
