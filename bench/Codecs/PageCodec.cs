namespace Lifeboat.Bench.Codecs;

/// <summary>Packs a page; 0 when it does not fit.</summary>
internal delegate int PageCodec(ReadOnlySpan<byte> page, Span<byte> target);
