using System.Runtime.InteropServices;

namespace Lifeboat.Capture.Interop;

/// <summary>
/// The functions of BearSSL 0.6 that are used, all exported; linked statically into the program. Its contexts are memory of ours that
/// only it looks into, but for the error code, which is the first field of an engine.
/// </summary>
internal static partial class LibBearSsl
{
    // br_ssl_client_context has 3,720 bytes and br_x509_minimal_context 3,168 in 0.6 on a 64-bit machine.
    internal const int ClientSize = 8192;
    internal const int ValidatorSize = 8192;
    internal const int AnchorSize = 64; // br_x509_trust_anchor
    internal const int BufferSize = 16384 + 325 + 16384 + 85; // BR_SSL_BUFSIZE_BIDI

    internal const uint Closed = 1;
    internal const uint SendRecord = 2;
    internal const uint ReceiveRecord = 4;
    internal const uint SendData = 8;
    internal const uint ReceiveData = 16;

    private const string Library = "libbearssl";

    [LibraryImport(Library, EntryPoint = "br_ssl_client_init_full")]
    internal static unsafe partial void Initialize(byte* client, byte* validator, byte* anchors, nuint count);

    [LibraryImport(Library, EntryPoint = "br_ssl_engine_set_suites")]
    internal static unsafe partial void SetSuites(byte* client, ushort* suites, nuint count);

    [LibraryImport(Library, EntryPoint = "br_ssl_engine_set_buffer")]
    internal static unsafe partial void SetBuffer(byte* client, byte* buffer, nuint length, int bothWays);

    [LibraryImport(Library, EntryPoint = "br_ssl_engine_inject_entropy")]
    internal static unsafe partial void InjectEntropy(byte* client, byte* random, nuint length);

    /// <summary>Begins a connection; 0 on failure. The name may be null: then none is checked.</summary>
    [LibraryImport(Library, EntryPoint = "br_ssl_client_reset", StringMarshalling = StringMarshalling.Utf8)]
    internal static unsafe partial int Reset(byte* client, string? serverName, int resume);

    [LibraryImport(Library, EntryPoint = "br_ssl_engine_current_state")]
    internal static unsafe partial uint State(byte* client);

    [LibraryImport(Library, EntryPoint = "br_ssl_engine_sendapp_buf")]
    internal static unsafe partial byte* SendDataBuffer(byte* client, nuint* length);

    [LibraryImport(Library, EntryPoint = "br_ssl_engine_sendapp_ack")]
    internal static unsafe partial void SendDataDone(byte* client, nuint length);

    [LibraryImport(Library, EntryPoint = "br_ssl_engine_recvapp_buf")]
    internal static unsafe partial byte* ReceiveDataBuffer(byte* client, nuint* length);

    [LibraryImport(Library, EntryPoint = "br_ssl_engine_recvapp_ack")]
    internal static unsafe partial void ReceiveDataDone(byte* client, nuint length);

    [LibraryImport(Library, EntryPoint = "br_ssl_engine_sendrec_buf")]
    internal static unsafe partial byte* SendRecordBuffer(byte* client, nuint* length);

    [LibraryImport(Library, EntryPoint = "br_ssl_engine_sendrec_ack")]
    internal static unsafe partial void SendRecordDone(byte* client, nuint length);

    [LibraryImport(Library, EntryPoint = "br_ssl_engine_recvrec_buf")]
    internal static unsafe partial byte* ReceiveRecordBuffer(byte* client, nuint* length);

    [LibraryImport(Library, EntryPoint = "br_ssl_engine_recvrec_ack")]
    internal static unsafe partial void ReceiveRecordDone(byte* client, nuint length);

    [LibraryImport(Library, EntryPoint = "br_ssl_engine_flush")]
    internal static unsafe partial void Flush(byte* client, int force);

    [LibraryImport(Library, EntryPoint = "br_ssl_engine_close")]
    internal static unsafe partial void Close(byte* client);
}
