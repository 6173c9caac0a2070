using System.Globalization;
using System.Text;
using Lifeboat.Capture.Http;
using Lifeboat.Core.Hashing;

namespace Lifeboat.Capture.Stores.Upload;

/// <summary>Sends a file as one upload of tus: created with its length when it is one piece, else with the length to follow.</summary>
internal sealed class TusSender(TusStore store, string name) : PieceSender
{
    private const int PieceSize = 4 << 20;

    private string? _path;
    private bool _isLengthKnown;
    private long _acknowledged;

    internal override int SizeOf(int number) => PieceSize;

    internal override void Begin()
    {
        if (!store.TakesUnknownLength)
        {
            throw Refusals.Lacks(
                store.Server, "The server takes no upload whose length is not known before", "no creation-defer-length in Tus-Extension",
                "Use a tus server that has this extension, or protocol=put");
        }

        Create("Upload-Defer-Length", "1");
    }

    internal override void Send(int connection, Piece piece)
    {
        if (_path is null)
        {
            _isLengthKnown = true;
            Create("Upload-Length", Text(piece.Length));
        }

        if (piece.Length == 0 && _isLengthKnown)
        {
            return;
        }

        long end = piece.Offset + piece.Length;
        long position = piece.Offset;
        bool isCut = false;
        bool isDone = false;
        var retry = new Retry(store.Server, store.Cancellation);
        while (!isDone)
        {
            HttpResponse answer = retry.Run(() =>
            {
                if (isCut)
                {
                    position = Resume(piece, position, retry, out isDone);
                    if (isDone)
                    {
                        return new HttpResponse(204, new HttpFields().Add("Upload-Offset", Text(end)), []);
                    }
                }

                isCut = true;
                return Patch(piece, position);
            });
            if (!answer.IsSuccess || answer.Number("Upload-Offset") is not { } reached || reached > end || reached < Math.Min(position + 1, end))
            {
                throw Refusals.Of(answer, store.Server, store.Request("PATCH", _path!));
            }

            isCut = false;
            isDone |= reached == end;
            position = reached;
            _acknowledged = reached;
        }
    }

    internal override void Complete(long length)
    {
    }

    // What is there stays there, without a length: it can be read as far as it goes, and is not whole.
    internal override void Abandon()
    {
        if (_acknowledged > 0)
        {
            store.Keep(name, _acknowledged);
        }
    }

    private void Create(string field, string value)
    {
        HttpRequest request = store.Request("POST", store.Server.Url.Path)
            .With(field, value)
            .With("Upload-Metadata", $"filename {Base64(name)},folder {Base64(store.Crash)}");
        HttpResponse answer = new Retry(store.Server, store.Cancellation)
            .Run(() => store.Connection(0).Send(request, [])).Require(store.Server, request);
        _path = PathOf(answer.Fields.Find("Location") ?? "") ?? throw Refusals.Lacks(
            store.Server, "The server does not say where the upload is", $"Location: {answer.Fields.Find("Location")}",
            "Is it a tus server?");
    }

    private HttpResponse Patch(Piece piece, long position)
    {
        ReadOnlySpan<byte> data = piece.Data[(int)(position - piece.Offset)..];
        HttpRequest request = store.Request("PATCH", _path!)
            .With("Content-Type", "application/offset+octet-stream")
            .With("Upload-Offset", Text(position));
        if (piece.IsLast && !_isLengthKnown)
        {
            request.With("Upload-Length", Text(piece.Offset + piece.Length));
        }

        if (store.TakesSha256)
        {
            request.With("Upload-Checksum", "sha256 " + Convert.ToBase64String(Sha256.HashData(data)));
        }

        HttpResponse answer = store.Connection(0).Send(request, data);

        // Conflict: the server has another offset in mind, and is asked for it.
        return answer.Status != 409 ? answer : throw new TransportException($"{store.Server.Url.WithPath(_path!)}: {answer.Shown}");
    }

    // Where the upload goes on after a cut. What the server lost of what it had acknowledged cannot be sent again.
    private long Resume(Piece piece, long position, Retry retry, out bool isDone)
    {
        isDone = false;
        HttpRequest request = store.Request("HEAD", _path!);
        HttpResponse answer = store.Connection(0).Send(request, []);
        if (answer.IsPassing)
        {
            throw new TransportException($"{store.Server.Url.WithPath(_path!)}: {answer.Shown}");
        }

        long end = piece.Offset + piece.Length;
        if (!answer.IsSuccess || answer.Number("Upload-Offset") is not { } offset || offset < piece.Offset || offset > end)
        {
            throw Refusals.Of(answer, store.Server, request);
        }

        if (offset > position)
        {
            retry.Progress();
        }

        isDone = offset == end && (!piece.IsLast || _isLengthKnown || answer.Number("Upload-Length") == end);
        return offset;
    }

    // Only the path is taken: a server behind a proxy often calls itself by a name or a scheme that it is not reached by, and the token
    // goes to nobody but the target's host.
    private string? PathOf(string location)
    {
        int scheme = location.IndexOf("://", StringComparison.Ordinal);
        if (scheme is 4 or 5)
        {
            int slash = location.IndexOf('/', scheme + 3);
            location = slash < 0 ? "/" : location[slash..];
        }
        else if (location.StartsWith("//", StringComparison.Ordinal))
        {
            return null;
        }
        else if (!location.StartsWith('/') && location.Length > 0)
        {
            // Relative to the URL that it was created at.
            string path = store.Server.Url.Path;
            location = path[..(path.LastIndexOf('/') + 1)] + location;
        }

        return location.Length > 0 && location.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0 ? location : null;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
