using Lifeboat.Core.Memory;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Inspect.Commands.Objects;

/// <summary>Where in an object its link is: a member of a type, or bytes from its start.</summary>
/// <param name="Type">The type; null for bytes alone.</param>
/// <param name="Member">The member of it; empty for bytes alone.</param>
/// <param name="Offset">Bytes from the object's start.</param>
/// <param name="Kind">The member's type as C writes it; empty for bytes alone.</param>
internal sealed record LinkPlace(KernelType? Type, string Member, ByteCount Offset, string Kind)
{
    internal static LinkPlace AtStart { get; } = new(null, "", ByteCount.Zero, "");

    internal bool IsPointer => Kind.EndsWith('*');

    /// <summary>Reads <c>TYPE.MEMBER</c> or a number of bytes.</summary>
    /// <exception cref="CommandException">It is neither.</exception>
    internal static LinkPlace Parse(CrashedKernel kernel, string text)
    {
        if (CommandWords.TryParseNumber(text, out ulong bytes))
        {
            return new LinkPlace(null, "", new ByteCount(bytes), "");
        }

        (KernelType type, string member) = ObjectColumns.ParseType(kernel, text);
        if (member.Length == 0)
        {
            throw new CommandException($"{text} wants a member behind it, as {text}.list");
        }

        return type.TryFindMember(member, out KernelMember? found)
            ? new LinkPlace(type, member, found.Offset, found.Type.Name) : throw ObjectColumns.NoMember(type, member);
    }
}
