using System.Runtime.InteropServices;
using Lifeboat.Capture.Interop;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Http.Tls;

/// <summary>TLS 1.2 over a connection, by BearSSL: ECDHE with AES-GCM or ChaCha20-Poly1305.</summary>
/// <remarks>
/// <para>A certificate's dates are held against the machine's clock, which BearSSL asks by itself.</para>
/// <para><b>Thread safety.</b> One thread at a time.</para>
/// </remarks>
internal sealed unsafe class TlsChannel : Channel
{
    private const int SeedSize = 48;

    private readonly Channel _inner;
    private readonly TlsServer _server;
    private readonly TrustAnchors _anchors;
    private byte* _client;

    private TlsChannel(Channel inner, TlsServer server)
    {
        _inner = inner;
        _server = server;
        _anchors = new TrustAnchors(server.Trust);

        // Safety: one block of the three sizes, freed in Dispose; what BearSSL writes stays inside each.
        _client = (byte*)NativeMemory.AllocZeroed(LibBearSsl.ClientSize + LibBearSsl.ValidatorSize + LibBearSsl.BufferSize);
    }

    // ECDHE_ECDSA and ECDHE_RSA with AES-128-GCM, AES-256-GCM and ChaCha20-Poly1305.
    private static ReadOnlySpan<ushort> Suites => [0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8];

    /// <inheritdoc/>
    internal override bool HasInput =>
        (LibBearSsl.State(_client) & (LibBearSsl.ReceiveData | LibBearSsl.Closed)) != 0 || _inner.HasInput;

    /// <inheritdoc/>
    internal override bool WaitForInput(TimeSpan limit) =>
        (LibBearSsl.State(_client) & (LibBearSsl.ReceiveData | LibBearSsl.Closed)) != 0 || _inner.WaitForInput(limit);

    /// <summary>Agrees on keys with a server and checks who it is.</summary>
    /// <param name="inner">The connection; the channel owns it, whatever happens.</param>
    /// <param name="server">Who it must be.</param>
    /// <exception cref="DiagnosticException">It is not that server, or no TLS can be agreed upon; nothing was sent but greetings.</exception>
    /// <exception cref="TransportException">The connection broke.</exception>
    internal static TlsChannel Open(Channel inner, TlsServer server)
    {
        var channel = new TlsChannel(inner, server);
        try
        {
            channel.Start();
            channel.Pump(LibBearSsl.SendData);
            return channel;
        }
        catch
        {
            channel.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    internal override int Read(Span<byte> target)
    {
        if ((Pump(LibBearSsl.ReceiveData) & LibBearSsl.ReceiveData) == 0)
        {
            return 0;
        }

        // Safety: the buffer has the length that goes with it.
        nuint length;
        byte* from = LibBearSsl.ReceiveDataBuffer(_client, &length);
        int read = Math.Min((int)length, target.Length);
        new ReadOnlySpan<byte>(from, read).CopyTo(target);
        LibBearSsl.ReceiveDataDone(_client, (nuint)read);
        return read;
    }

    /// <inheritdoc/>
    internal override void Write(ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            if ((Pump(LibBearSsl.SendData) & LibBearSsl.SendData) == 0)
            {
                throw new TransportException($"{_server.Name}: the server ended the connection");
            }

            // Safety: the buffer has the length that goes with it.
            nuint length;
            byte* to = LibBearSsl.SendDataBuffer(_client, &length);
            int written = Math.Min((int)length, data.Length);
            data[..written].CopyTo(new Span<byte>(to, written));
            LibBearSsl.SendDataDone(_client, (nuint)written);
            data = data[written..];
        }
    }

    /// <inheritdoc/>
    internal override void Flush()
    {
        LibBearSsl.Flush(_client, 0);
        while ((LibBearSsl.State(_client) & LibBearSsl.SendRecord) != 0)
        {
            SendRecord();
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_client is not null)
        {
            // Keys lie in it.
            new Span<byte>(_client, LibBearSsl.ClientSize + LibBearSsl.ValidatorSize + LibBearSsl.BufferSize).Clear();
            NativeMemory.Free(_client);
            _client = null;
            _anchors.Dispose();
        }

        _inner.Dispose();
    }

    private void Start()
    {
        byte* validator = _client + LibBearSsl.ClientSize;
        LibBearSsl.Initialize(_client, validator, _anchors.First, (nuint)_anchors.Count);

        // Safety: copied by the call. The seed's length is checked by its fill.
        fixed (ushort* suites = Suites)
        {
            LibBearSsl.SetSuites(_client, suites, (nuint)Suites.Length);
        }

        LibBearSsl.SetBuffer(_client, validator + LibBearSsl.ValidatorSize, LibBearSsl.BufferSize, 1);
        byte* seed = stackalloc byte[SeedSize];
        if (LibSocket.GetRandom(seed, SeedSize, 0) != SeedSize)
        {
            throw new KernelInterfaceException("getrandom", null, LastErrno.Get());
        }

        LibBearSsl.InjectEntropy(_client, seed, SeedSize);
        new Span<byte>(seed, SeedSize).Clear();
        if (LibBearSsl.Reset(_client, _server.CheckedName, 0) == 0)
        {
            throw _server.Failure(Error);
        }
    }

    // The error code is the first field of an engine, and an engine the first of a client.
    private int Error => *(int*)_client;

    // Moves records until one of the states is there, or the end.
    private uint Pump(uint wanted)
    {
        while (true)
        {
            uint state = LibBearSsl.State(_client);
            if ((state & LibBearSsl.Closed) != 0)
            {
                return Error == 0 ? state : throw _server.Failure(Error);
            }

            if ((state & LibBearSsl.SendRecord) != 0)
            {
                SendRecord();
            }
            else if ((state & wanted) != 0)
            {
                return state;
            }
            else if ((state & LibBearSsl.ReceiveRecord) != 0)
            {
                ReceiveRecord();
            }
            else
            {
                LibBearSsl.Flush(_client, 0);
                if (LibBearSsl.State(_client) == state)
                {
                    throw new TransportException($"{_server.Name}: TLS goes neither on nor back");
                }
            }
        }
    }

    private void SendRecord()
    {
        // Safety: the buffer has the length that goes with it.
        nuint length;
        byte* from = LibBearSsl.SendRecordBuffer(_client, &length);
        _inner.Write(new ReadOnlySpan<byte>(from, (int)length));
        LibBearSsl.SendRecordDone(_client, length);
    }

    private void ReceiveRecord()
    {
        // Safety: the buffer has the length that goes with it.
        nuint length;
        byte* to = LibBearSsl.ReceiveRecordBuffer(_client, &length);
        int read = _inner.Read(new Span<byte>(to, (int)length));
        if (read == 0)
        {
            throw new TransportException($"{_server.Name}: the server ended the connection within TLS");
        }

        LibBearSsl.ReceiveRecordDone(_client, (nuint)read);
    }
}
