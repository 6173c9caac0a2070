namespace Lifeboat.Core.Hashing;

/// <summary>HKDF with SHA-256 (RFC 5869): keys out of other keys.</summary>
internal static class HkdfSha256
{
    private const int MaxLength = 255 * Sha256.DigestSize;

    /// <summary>Extract and expand; as many bytes as <paramref name="target"/> has, at most 8,160.</summary>
    internal static void Derive(ReadOnlySpan<byte> material, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> info, Span<byte> target)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(target.Length, MaxLength, nameof(target));
        Span<byte> extracted = stackalloc byte[Sha256.DigestSize];
        Span<byte> block = stackalloc byte[Sha256.DigestSize];
        using (var extract = new HmacSha256(salt))
        {
            extract.Append(material);
            extract.Finish(extracted);
        }

        for (int done = 0, number = 1; done < target.Length; number++)
        {
            using var expand = new HmacSha256(extracted);
            expand.Append(number == 1 ? [] : block);
            expand.Append(info);
            expand.Append([(byte)number]);
            expand.Finish(block);
            int taken = Math.Min(block.Length, target.Length - done);
            block[..taken].CopyTo(target[done..]);
            done += taken;
        }

        extracted.Clear();
        block.Clear();
    }
}
