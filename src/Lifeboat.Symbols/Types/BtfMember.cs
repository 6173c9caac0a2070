namespace Lifeboat.Symbols.Types;

/// <summary>A member of a structure or union.</summary>
/// <param name="Name">Its name; empty for an unnamed structure or union, or padding.</param>
/// <param name="TypeId">Its type.</param>
/// <param name="BitOffset">Bits from the start of what it is a member of.</param>
/// <param name="BitSize">Bits of a bit field; 0 for a member that is none.</param>
public sealed record BtfMember(string Name, int TypeId, long BitOffset, int BitSize)
{
    /// <summary>Whether it is a bit field.</summary>
    public bool IsBitField => BitSize != 0;

    /// <summary>Bytes from the start of what it is a member of; those of the byte that a bit field begins in.</summary>
    public long ByteOffset => BitOffset / 8;
}
