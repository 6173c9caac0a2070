using System.Globalization;
using System.Net;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Http.Tls;

/// <summary>Who a server must be, and what is said when it is not.</summary>
/// <param name="host">Its name, or an address.</param>
/// <param name="trust">Which certificates are trusted.</param>
/// <param name="clock">This machine's clock, for messages.</param>
internal sealed class TlsServer(string host, TlsTrust trust, TimeProvider clock)
{
    private const int ReceivedAlert = 256;
    private const int SentAlert = 512;

    // No machine has a clock before this that is right: the program did not exist.
    private static readonly DateTimeOffset FirstYear = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Its name, or an address.</summary>
    internal string Name { get; } = host;

    /// <summary>Which certificates are trusted.</summary>
    internal TlsTrust Trust { get; } = trust;

    /// <summary>
    /// The name that its certificate must be for. None for an address, which BearSSL does not look for in certificates: only a pinned
    /// certificate goes with one.
    /// </summary>
    /// <exception cref="DiagnosticException">An address, and no pinned certificate.</exception>
    internal string? CheckedName => !IPAddress.TryParse(Name, out _) ? Name : Trust.IsPinned ? null : throw Untrusted(
        "A server by its address needs a certificate of its own named", Name, "cert=FILE, the server's certificate",
        "Name the host instead, or give its certificate by cert=");

    /// <summary>What a failure of BearSSL's means, in words.</summary>
    /// <param name="error">Its number (BR_ERR_*).</param>
    internal Exception Failure(int error) => error switch
    {
        54 => Expired(),
        56 => Untrusted(
            "The server's certificate is for another name", "no such name in it", Name, "Name the target's host as the certificate does"),
        62 => Untrusted(
            "The server's certificate is not one to trust", "no way from it to a certificate that is trusted",
            Trust.IsPinned ? "the certificate of cert=" : "one that a CA of ca= has signed",
            "Is this the right server? If it has a new certificate, renew the file and build the ramdisk again"),
        >= 32 and <= 63 => Untrusted(
            "The server's certificate cannot be checked", $"BearSSL error {error}", "X.509 with RSA or ECDSA on NIST curves", remedy: null),
        4 or 16 or (ReceivedAlert + 70) or (ReceivedAlert + 40) or (SentAlert + 70) or (SentAlert + 40) => Untrusted(
            "The server does not agree to any TLS spoken here", AlertOf(error),
            "TLS 1.2 with ECDHE and AES-GCM or ChaCha20-Poly1305",
            "A server that speaks only TLS 1.3 must allow TLS 1.2, too"),
        > ReceivedAlert and < SentAlert => Untrusted(
            "The server broke TLS off", AlertOf(error), "an agreement", remedy: null),
        _ => new TransportException($"{Name}: TLS failed, BearSSL error {error}"),
    };

    private static string AlertOf(int error) => error >= ReceivedAlert ? $"TLS alert {error & 0xff}" : $"BearSSL error {error}";

    private DiagnosticException Expired()
    {
        DateTimeOffset now = clock.GetUtcNow();
        string found = now.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
        return now < FirstYear
            ? Untrusted(
                "This machine's clock is plainly wrong, so that no certificate can be checked", found,
                "a time after this program was made", "The machine's clock has lost its time: set it, look after its battery")
            : Untrusted(
                "The server's certificate, or a CA's above it, has ended or has not begun by this machine's clock", found,
                "a time that all its certificates hold at", "Renew the server's certificate, or set the machine's clock");
    }

    private DiagnosticException Untrusted(string what, string found, string expected, string? remedy) =>
        new(new Diagnostic(CaptureDiagnostics.ServerNotTrusted, what)
        {
            Where = Name,
            Found = found,
            Expected = expected,
            Remedy = remedy,
        });
}
