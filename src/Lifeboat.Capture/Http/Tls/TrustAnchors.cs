using System.Runtime.InteropServices;
using Lifeboat.Capture.Interop;

namespace Lifeboat.Capture.Http.Tls;

/// <summary>Certificates as BearSSL takes them: an array of br_x509_trust_anchor, which is filled here field by field.</summary>
internal sealed unsafe class TrustAnchors : IDisposable
{
    // Offsets of the fields on a 64-bit machine; the union of keys begins at 32.
    private const int NameOffset = 0;
    private const int FlagsOffset = 16;
    private const int KindOffset = 24;
    private const int ModulusOffset = 32;
    private const int ExponentOffset = 48;
    private const int CurveOffset = 32;
    private const int PointOffset = 40;
    private const uint IsAuthority = 1; // BR_X509_TA_CA

    private byte* _memory;

    internal TrustAnchors(TlsTrust trust)
    {
        Count = trust.Certificates.Count;
        int size = Count * LibBearSsl.AnchorSize;
        int length = size;
        foreach (Certificate certificate in trust.Certificates)
        {
            length += certificate.Subject.Length + certificate.Key.Length + certificate.Exponent.Length;
        }

        // Safety: every write below is inside the allocation: the anchors in its first part, what they point to after them, as counted.
        _memory = (byte*)NativeMemory.AllocZeroed((nuint)length);
        byte* next = _memory + size;
        for (int i = 0; i < Count; i++)
        {
            Fill(_memory + (i * LibBearSsl.AnchorSize), trust.Certificates[i], trust.IsPinned ? 0 : IsAuthority, ref next);
        }
    }

    /// <summary>How many there are.</summary>
    internal int Count { get; }

    /// <summary>The first of them; valid until this is disposed.</summary>
    internal byte* First => _memory;

    public void Dispose()
    {
        NativeMemory.Free(_memory);
        _memory = null;
    }

    private static void Fill(byte* anchor, Certificate certificate, uint flags, ref byte* next)
    {
        Put(anchor + NameOffset, certificate.Subject, ref next);
        *(uint*)(anchor + FlagsOffset) = flags;
        *(anchor + KindOffset) = (byte)certificate.KeyKind;
        if (certificate.KeyKind == CertificateKeyKind.Rsa)
        {
            Put(anchor + ModulusOffset, certificate.Key, ref next);
            Put(anchor + ExponentOffset, certificate.Exponent, ref next);
        }
        else
        {
            *(int*)(anchor + CurveOffset) = certificate.Curve;
            Put(anchor + PointOffset, certificate.Key, ref next);
        }
    }

    // A pointer and a length, and the bytes behind everything.
    private static void Put(byte* field, byte[] bytes, ref byte* next)
    {
        bytes.CopyTo(new Span<byte>(next, bytes.Length));
        *(byte**)field = next;
        *(nuint*)(field + sizeof(nuint)) = (nuint)bytes.Length;
        next += bytes.Length;
    }
}
