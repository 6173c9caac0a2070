using Lifeboat.Kernel.Objects;

namespace Lifeboat.Inspect.Commands.Objects;

/// <summary>What an expression gives: an object in memory, or a number that lies nowhere.</summary>
/// <param name="Type">Its type; <c>void</c> for a variable whose type is not known.</param>
/// <param name="Object">The object; null for a number.</param>
/// <param name="Number">The number; null for an object, and when it could not be read.</param>
/// <param name="IsGlobal">Whether it is a variable by its name: of an array only the elements' type is known then.</param>
internal sealed record ExpressionValue(KernelType Type, KernelObject? Object, ulong? Number, bool IsGlobal = false)
{
    internal static ExpressionValue Of(KernelObject value, bool isGlobal = false) => new(value.Type, value, null, isGlobal);

    internal static ExpressionValue Of(KernelType type, ulong? number) => new(type, null, number);

    internal ulong? Bits => Object is null ? Number : unchecked((ulong?)Object.Signed);
}
