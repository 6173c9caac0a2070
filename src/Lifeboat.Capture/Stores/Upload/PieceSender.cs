namespace Lifeboat.Capture.Stores.Upload;

/// <summary>Sends the pieces of one file by a protocol.</summary>
/// <remarks>
/// <para>Everything it throws is an <see cref="IOException"/>, a <see cref="Core.Diagnostics.DiagnosticException"/>, a
/// <see cref="Core.Diagnostics.KernelInterfaceException"/> or an <see cref="OperationCanceledException"/>.</para>
/// <para><b>Thread safety.</b> <see cref="Send"/> is called by as many threads as there are connections, each with a number of its own.</para>
/// </remarks>
internal abstract class PieceSender
{
    /// <summary>The most bytes of a piece.</summary>
    internal abstract int SizeOf(int number);

    /// <summary>Several pieces follow; called once, before the first of them. A file of one piece is only sent.</summary>
    internal abstract void Begin();

    /// <summary>Sends a piece; returns when the server has acknowledged it.</summary>
    internal abstract void Send(int connection, Piece piece);

    /// <summary>All pieces are sent: the file is whole.</summary>
    /// <param name="length">Its bytes.</param>
    internal abstract void Complete(long length);

    /// <summary>The file will not become whole. Does not throw.</summary>
    internal abstract void Abandon();
}
