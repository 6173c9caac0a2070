using System.Buffers.Binary;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Flattened;

/// <summary>
/// The first block of a flattened dump (<c>struct makedumpfile_header</c>, makedumpfile.h): a signature, then type and
/// version, big endian whatever the machine.
/// </summary>
internal readonly record struct FlattenedHeader(long Type, long Version)
{
    /// <summary>Bytes of the header with its padding.</summary>
    internal const int Size = 4096;

    private const int SignatureLength = 16;
    private const long Flat = 1;
    private const long OnlyVersion = 1;

    /// <summary>The header of every flattened dump there is.</summary>
    internal static FlattenedHeader Current => new(Flat, OnlyVersion);

    private static ReadOnlySpan<byte> Signature => "makedumpfile\0\0\0\0"u8;

    internal static bool IsFlattened(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Signature);

    internal static bool TryParse(ReadOnlySpan<byte> bytes, out FlattenedHeader header)
    {
        header = default;
        if (bytes.Length < SignatureLength + 16 || !IsFlattened(bytes))
        {
            return false;
        }

        header = new FlattenedHeader(
            BinaryPrimitives.ReadInt64BigEndian(bytes[SignatureLength..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[(SignatureLength + 8)..]));
        return true;
    }

    internal void WriteTo(Span<byte> bytes)
    {
        bytes[..Size].Clear();
        Signature.CopyTo(bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes[SignatureLength..], Type);
        BinaryPrimitives.WriteInt64BigEndian(bytes[(SignatureLength + 8)..], Version);
    }

    /// <summary>What makes the file unreadable; null when nothing does.</summary>
    internal Diagnostic? Validate() => this == Current ? null
        : new Diagnostic(VmcoreDiagnosticIds.Unsupported, "this kind of flattened dump cannot be read")
        {
            Where = $"type and version, {new FileOffset(SignatureLength)}",
            Found = $"type {Type}, version {Version}",
            Expected = $"type {Flat}, version {OnlyVersion}",
        };
}
