using System.Buffers;
using System.Globalization;
using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Commands.Objects;
using Lifeboat.Kernel;

namespace Lifeboat.Inspect.Commands;

/// <summary>Addresses as they are written and read: hex, a symbol, a symbol and a distance from it.</summary>
internal static class Places
{
    private static readonly SearchValues<char> Operators = SearchValues.Create(".&*[(>");

    /// <summary>
    /// The address of a symbol, of <c>symbol+0x10</c>, in hex with or without 0x, or of what an expression gives: a pointer's
    /// value, otherwise where the object lies.
    /// </summary>
    /// <exception cref="CommandException">It is none of these.</exception>
    internal static VirtualAddress Parse(CrashedKernel kernel, string text)
    {
        if (kernel.Names.TryFind(text, out SymbolPlace? place))
        {
            return place.Symbol.Address;
        }

        if (TryParseHex(text, out ulong address))
        {
            return new VirtualAddress(address);
        }

        if (IsExpression(text))
        {
            ExpressionValue value = ExpressionParser.Evaluate(kernel, text);
            bool isPlace = value.Object is { Type.IsNumber: false, Fault.Reason: MemoryFaultReason.None };
            return new VirtualAddress((isPlace ? value.Object!.Address.Value : value.Bits)
                ?? throw new CommandException($"{text} cannot be read: its address is not known"));
        }

        int plus = text.IndexOf('+', StringComparison.Ordinal);
        return plus > 0 && CommandWords.TryParseNumber(text[(plus + 1)..], out ulong distance)
            && kernel.Names.TryFind(text[..plus], out place)
            ? place.Symbol.Address + new ByteCount(distance)
            : throw new CommandException($"{text} is neither a symbol nor an address in hex");
    }

    /// <summary>What lies at an address: <c>schedule+0x1c</c>, <c>ext4_read [ext4]</c>; null when it is not known.</summary>
    internal static string? NameOf(CrashedKernel kernel, VirtualAddress address)
    {
        if (!kernel.Names.TryFind(address, out SymbolPlace? place))
        {
            return null;
        }

        string offset = place.Offset == ByteCount.Zero ? "" : $"+0x{place.Offset.Value:x}";
        return $"{place.Symbol.Name}{offset}{(place.Module is { } module ? $" [{module.Name}]" : "")}";
    }

    /// <summary>Whether a text has anything of an expression in it.</summary>
    internal static bool IsExpression(string text) => text.AsSpan().ContainsAny(Operators);

    internal static bool TryParseHex(string text, out ulong value)
    {
        string digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        return ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
