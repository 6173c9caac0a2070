using Lifeboat.Capture.Http;

namespace Lifeboat.Capture.Stores.Upload;

/// <summary>Sends a file by one PUT: with its length when it is one piece, else in chunks once the server says that it takes them.</summary>
internal sealed class PutSender(PutStore store, string path) : PieceSender
{
    private const int PieceSize = 4 << 20;

    private bool _isBegun;

    internal override int SizeOf(int number) => PieceSize;

    internal override void Begin()
    {
        HttpRequest request = Request();
        new Retry(store.Server, store.Cancellation)
            .Run(() => store.Connection(0).Begin(request) ?? new HttpResponse(200, new HttpFields(), [])).Require(store.Server, request);
        _isBegun = true;
    }

    internal override void Send(int connection, Piece piece)
    {
        HttpRequest request = Request();
        if (!_isBegun)
        {
            new Retry(store.Server, store.Cancellation)
                .Run(() => store.Connection(0).Send(request, piece.Data)).Require(store.Server, request);
            return;
        }

        try
        {
            HttpConnection to = store.Connection(0);
            to.Write(piece.Data);
            if (piece.IsLast || to.HasAnswer)
            {
                HttpResponse answer = to.Finish(piece.IsLast).Require(store.Server, request);
                if (!piece.IsLast)
                {
                    throw Refusals.Of(answer, store.Server, request);
                }
            }
        }
        catch (TransportException cut)
        {
            throw new IOException(
                $"{cut.Message}; a file of more than {PieceSize >> 20} MiB cannot be sent again by PUT. Use protocol=tus, or an object store", cut);
        }
    }

    internal override void Complete(long length)
    {
    }

    // The server sees that the body does not end.
    internal override void Abandon()
    {
        if (_isBegun)
        {
            store.Connection(0).Close();
        }
    }

    private HttpRequest Request() => store.Request("PUT", path).With("Content-Type", "application/octet-stream");
}
