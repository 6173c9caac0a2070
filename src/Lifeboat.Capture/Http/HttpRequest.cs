namespace Lifeboat.Capture.Http;

/// <summary>A request: its line and its header fields but those of the connection and the body, which the connection adds.</summary>
internal sealed class HttpRequest(string method, string path)
{
    internal string Method { get; } = method;

    /// <summary>Path and query, escaped.</summary>
    internal string Path { get; } = path;

    internal HttpFields Fields { get; } = new();

    /// <summary>Whether the answer comes without a body, whatever its fields say.</summary>
    internal bool IsHead => Method == "HEAD";

    internal HttpRequest With(string name, string value)
    {
        Fields.Add(name, value);
        return this;
    }
}
