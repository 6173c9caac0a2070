using System.Globalization;
using System.Text;
using Lifeboat.Capture.Http;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Stores.Upload;

/// <summary>Sends a file as an object: by one PUT when it is one piece, else as an upload of parts.</summary>
internal sealed class ObjectSender(ObjectStore store, string path) : PieceSender
{
    // A store takes at most 10,000 parts, each but the last of at least 5 MiB. Parts that grow by 5 MiB after every thousand make 268 GiB
    // of them, and the memory is only taken by a dump that needs it.
    private const int PartSize = 5 << 20;
    private const int PartsOfASize = 1000;
    private const int MaxParts = 10_000;

    private static readonly TimeSpan AbandonLimit = TimeSpan.FromSeconds(10);

    private readonly List<string> _tags = [];
    private string? _upload;

    internal override int SizeOf(int number) => PartSize * (1 + (Math.Min(number, MaxParts - 1) / PartsOfASize));

    internal override void Begin()
    {
        HttpResponse answer = store.Send(store.Connection(0), "POST", path + "?uploads=", (Piece?)null);
        string id = XmlText.Find(answer.Body, "UploadId") ?? throw Refusals.Of(answer, store.Server, new HttpRequest("POST", path));
        _upload = PercentEncoding.Encode(id);
    }

    internal override void Send(int connection, Piece piece)
    {
        if (_upload is null)
        {
            store.Send(store.Connection(connection), "PUT", path, piece);
            return;
        }

        if (piece.Number >= MaxParts)
        {
            throw new IOException($"{store.Location}: the file is larger than {MaxParts} parts");
        }

        string number = (piece.Number + 1).ToString(CultureInfo.InvariantCulture);
        HttpResponse answer = store.Send(store.Connection(connection), "PUT", $"{path}?partNumber={number}&uploadId={_upload}", piece);
        string tag = answer.Fields.Find("ETag") ?? throw Refusals.Lacks(
            store.Server, "The server does not say what it made of a part", "no ETag", "Is it an object store that speaks S3's protocol?");
        lock (_tags)
        {
            while (_tags.Count <= piece.Number)
            {
                _tags.Add("");
            }

            _tags[piece.Number] = tag;
        }
    }

    internal override void Complete(long length)
    {
        if (_upload is null)
        {
            return;
        }

        byte[] list = ListOfParts();
        bool isRepeated = false;
        string target = $"{path}?uploadId={_upload}";
        HttpResponse answer = new Retry(store.Server, store.Cancellation).Run(() =>
        {
            bool isFirst = !isRepeated;
            isRepeated = true;
            HttpResponse result = store.SendOnce(store.Connection(0), "POST", target, list);

            // The status is sent before the parts are joined; what comes of it stands in the body.
            if (result.IsSuccess && XmlText.Find(result.Body, "Code") is not null)
            {
                throw new TransportException($"{store.Location}: {result.Shown}");
            }

            // The answer to the first try may have been lost, and the upload done with it.
            return result.Status == 404 && !isFirst && IsThere(length) ? new HttpResponse(200, new HttpFields(), []) : result;
        });
        answer.Require(store.Server, new HttpRequest("POST", target));
        _upload = null;
    }

    // Parts of an upload that is neither completed nor aborted cost money and are seen by nobody. Also when the store's own time is over.
    internal override void Abandon()
    {
        if (_upload is null)
        {
            return;
        }

        using var limit = new CancellationTokenSource(AbandonLimit);
        using var connection = new HttpConnection(store.Server, limit.Token);
        try
        {
            store.SendOnce(connection, "DELETE", $"{path}?uploadId={_upload}", []);
        }
        catch (Exception failure) when (failure is IOException or DiagnosticException or KernelInterfaceException or OperationCanceledException)
        {
            // The reason that the file is not whole has been told; this one follows from it mostly.
        }

        _upload = null;
    }

    private bool IsThere(long length)
    {
        HttpResponse answer = store.SendOnce(store.Connection(0), "HEAD", path, []);
        return answer.IsSuccess && answer.Number("Content-Length") == length;
    }

    private byte[] ListOfParts()
    {
        var text = new StringBuilder("<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
        for (int i = 0; i < _tags.Count; i++)
        {
            text.Append("<Part><PartNumber>").Append((i + 1).ToString(CultureInfo.InvariantCulture)).Append("</PartNumber><ETag>")
                .Append(XmlText.Escape(_tags[i])).Append("</ETag></Part>");
        }

        return Encoding.UTF8.GetBytes(text.Append("</CompleteMultipartUpload>").ToString());
    }
}
