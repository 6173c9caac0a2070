using System.Buffers;
using Lifeboat.Core.Memory;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Inspect.Commands.Objects;

/// <summary>Works out expressions as C writes them, over a crashed kernel.</summary>
/// <remarks>
/// <code>
/// expression   '*' expression | '&amp;' expression | '(' type ')' expression | operand
/// operand      ( name | number | '(' expression ')' )  ( '.' name | '->' name | '[' number ']' )*
/// </code>
/// <para>A number is decimal, or hex with 0x; digits that hold a letter, as addresses are printed, are hex too.</para>
/// </remarks>
internal sealed class ExpressionParser
{
    private const int MostDepth = 64;
    private static readonly SearchValues<char> NameOrType =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_ *");

    private readonly CrashedKernel _kernel;
    private readonly string _text;
    private readonly int? _cpu;
    private int _at;
    private int _depth;

    private ExpressionParser(CrashedKernel kernel, string text, int? cpu) => (_kernel, _text, _cpu) = (kernel, text, cpu);

    /// <summary>Works out an expression.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="text">The expression.</param>
    /// <param name="cpu">The CPU whose copies of per-CPU variables are meant.</param>
    /// <exception cref="CommandException">It makes no sense; what cannot be read is no such mistake.</exception>
    internal static ExpressionValue Evaluate(CrashedKernel kernel, string text, int? cpu = null)
    {
        var parser = new ExpressionParser(kernel, text, cpu);
        ExpressionValue value = parser.Expression();
        parser.Skip();
        return parser._at == text.Length ? value : throw parser.Unexpected();
    }

    private ExpressionValue Expression()
    {
        if (++_depth > MostDepth)
        {
            throw new CommandException("the expression is nested deeper than anyone would write it");
        }

        ExpressionValue value = TryTake('*') ? Pointed(Expression())
            : TryTake('&') ? AddressOf(Expression())
            : TryTakeCast() is { } type ? Cast(Expression(), type)
            : Operand();
        _depth--;
        return value;
    }

    private ExpressionValue Operand()
    {
        ExpressionValue value;
        if (TryTake('('))
        {
            value = Expression();
            Take(')');
        }
        else
        {
            string word = Word();
            value = word.Length > 0 ? Named(word) : throw Unexpected();
        }

        while (true)
        {
            if (TryTake('['))
            {
                value = Element(value, Index());
                Take(']');
            }
            else if (TryTake('.') || TryTakeArrow())
            {
                value = Member(value, Word());
            }
            else
            {
                return value;
            }
        }
    }

    private ExpressionValue Named(string word)
    {
        if (char.IsAsciiDigit(word[0]) && CommandWords.TryParseNumber(word, out ulong number))
        {
            return ExpressionValue.Of(TypeOf("unsigned long"), number);
        }

        if (_cpu is { } cpu && _kernel.TryFindPerCpuType(word, out _))
        {
            return _kernel.TryFindPerCpu(word, cpu, out KernelObject? own) ? ExpressionValue.Of(own)
                : throw new CommandException($"{word} of CPU {cpu} cannot be found");
        }

        if (_kernel.TryFindGlobal(word, out KernelObject? global))
        {
            return ExpressionValue.Of(global, isGlobal: true);
        }

        if (_kernel.TryFindPerCpuType(word, out _))
        {
            throw new CommandException($"{word} is a per-CPU variable: {word}:0 is that of CPU 0, {word}:a are those of all");
        }

        if (_kernel.Types.TryFindEnumerator(word, out long value))
        {
            return ExpressionValue.Of(TypeOf("long"), unchecked((ulong)value));
        }

        if (_kernel.Names.TryFind(word, out SymbolPlace? place))
        {
            KernelType type = _kernel.TryFindFunction(word, out KernelType? function) ? function : TypeOf("void");
            return ExpressionValue.Of(_kernel.Object(type, place.Symbol.Address), isGlobal: true);
        }

        return Places.TryParseHex(word, out number) ? ExpressionValue.Of(TypeOf("unsigned long"), number)
            : throw new CommandException($"{word} is neither a variable, nor a symbol, nor a number");
    }

    private ExpressionValue Member(ExpressionValue value, string name)
    {
        if (name.Length == 0)
        {
            throw Unexpected();
        }

        KernelType? structure = value.Type.IsPointer ? value.Type.Target : value.Type;
        if (value.Object is null && value.Number is null)
        {
            return structure is not null && structure.TryFindMember(name, out KernelMember? member)
                ? ExpressionValue.Of(member.Type, null) : throw NoMember(value, name);
        }

        KernelObject? holder = value.Object
            ?? (value.Type.IsPointer && structure is not null ? _kernel.Object(structure, new VirtualAddress(value.Number!.Value)) : null);
        return holder is not null && holder.TryGet(name, out KernelObject? found) ? ExpressionValue.Of(found)
            : throw NoMember(value, name);
    }

    private static CommandException NoMember(ExpressionValue value, string name) => new(IsUntyped(value)
        ? $"the kernel does not say of which type this variable is: (struct x)NAME reads it as one, for .{name}"
        : $"{value.Type.Name} has no member {name}: whatis {value.Type.Name.TrimEnd('*', ' ')} shows those it has");

    private static bool IsUntyped(ExpressionValue value) => value is { IsGlobal: true, Type.Name: "void" };

    private ExpressionValue Element(ExpressionValue value, long index)
    {
        if (value.Object is { } array && value.Type.Target is { Size.Value: > 0 })
        {
            return ExpressionValue.Of(array[index]);
        }

        KernelType? element = value is { IsGlobal: true, Object: not null } ? value.Type : value.Type.Target;
        if (element is null || element.Size.Value == 0)
        {
            throw new CommandException($"{value.Type.Name} has no elements");
        }

        ulong? first = value.Object?.Address.Value ?? value.Number;
        return first is { } start
            ? ExpressionValue.Of(_kernel.Object(element, new VirtualAddress(unchecked(start + ((ulong)index * element.Size.Value)))))
            : ExpressionValue.Of(element, null);
    }

    private ExpressionValue Pointed(ExpressionValue value)
    {
        if (value.Type.Target is not { Size.Value: > 0 } target)
        {
            throw new CommandException($"{value.Type.Name} points to nothing that has a type");
        }

        return value.Object is { } pointer ? ExpressionValue.Of(pointer.Type.IsPointer ? pointer.Target : pointer[0])
            : value.Number is { } address ? ExpressionValue.Of(_kernel.Object(target, new VirtualAddress(address)))
            : ExpressionValue.Of(target, null);
    }

    private static ExpressionValue AddressOf(ExpressionValue value) => value.Object is not { } place
        ? throw new CommandException("& wants a variable, a member or an element")
        : ExpressionValue.Of(value.Type.Pointer, place.Fault == MemoryFault.None ? place.Address.Value : null);

    private static ExpressionValue Cast(ExpressionValue value, KernelType type)
    {
        if (value.Object is { } place && (!type.IsNumber || IsUntyped(value) || (place.Type.IsPointer && type.IsPointer)))
        {
            return ExpressionValue.Of(place.As(type));
        }

        if (value.Object is { Type: { IsArray: true } or { IsFunction: true } } start && type.IsNumber)
        {
            return ExpressionValue.Of(type, start.Fault == MemoryFault.None ? start.Address.Value : null);
        }

        if (!type.IsNumber || (value.Object is not null && !value.Type.IsNumber))
        {
            throw new CommandException($"{value.Type.Name} is no {type.Name}: ({type.Name} *) reads what lies at an address");
        }

        if (value.Bits is not { } bits || type.Size.Value is 0 or >= 8)
        {
            return ExpressionValue.Of(type, value.Bits);
        }

        int unused = 64 - (8 * (int)type.Size.Value);
        bits <<= unused;
        return ExpressionValue.Of(type, type.IsSigned ? unchecked((ulong)((long)bits >> unused)) : bits >> unused);
    }

    /// <summary>A type in brackets, if one stands here.</summary>
    private KernelType? TryTakeCast()
    {
        Skip();
        int end = _at < _text.Length && _text[_at] == '(' ? _text.IndexOf(')', _at) : -1;
        string name = end < 0 ? "" : _text[(_at + 1)..end].Trim();
        if (name.Length == 0 || name.AsSpan().IndexOfAnyExcept(NameOrType) >= 0)
        {
            return null;
        }

        bool isTagged = name.StartsWith("struct ", StringComparison.Ordinal)
            || name.StartsWith("union ", StringComparison.Ordinal) || name.StartsWith("enum ", StringComparison.Ordinal);
        if (name.TrimEnd('*', ' ').Length > 0 && _kernel.TryFindType(name, out KernelType? type))
        {
            // A name in brackets alone is a variable, though a type may be called the same.
            string rest = _text[(end + 1)..].TrimStart();
            bool hasOperand = rest.Length > 0 && (char.IsAsciiLetterOrDigit(rest[0]) || rest[0] is '_' or '(' or '&' or '*');
            if (hasOperand)
            {
                _at = end + 1;
                return type;
            }
        }

        return isTagged || name[^1] == '*'
            ? throw new CommandException(_kernel.TryFindType(name.TrimEnd('*', ' ') is { Length: > 0 } bare ? bare : "?", out _)
                ? $"({name}) wants something behind it" : $"the kernel has no type {name.TrimEnd('*', ' ')}")
            : null;
    }

    private KernelType TypeOf(string name) => _kernel.TryFindType(name, out KernelType? type) ? type
        : throw new CommandException($"the kernel has no type {name}");

    private long Index()
    {
        bool isNegative = TryTake('-');
        string word = Word();
        return CommandWords.TryParseNumber(word, out ulong number) && number <= long.MaxValue
            ? isNegative ? -(long)number : (long)number
            : throw new CommandException($"[{word}] wants a number");
    }

    private string Word()
    {
        Skip();
        int start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] == '_'))
        {
            _at++;
        }

        return _text[start.._at];
    }

    private bool TryTake(char wanted)
    {
        Skip();
        bool isThere = _at < _text.Length && _text[_at] == wanted;
        _at += isThere ? 1 : 0;
        return isThere;
    }

    private bool TryTakeArrow()
    {
        Skip();
        bool isThere = string.CompareOrdinal(_text, _at, "->", 0, 2) == 0;
        _at += isThere ? 2 : 0;
        return isThere;
    }

    private void Take(char wanted)
    {
        if (!TryTake(wanted))
        {
            throw Unexpected(wanted);
        }
    }

    private void Skip()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }

    private CommandException Unexpected(char? wanted = null)
    {
        string found = _at < _text.Length ? $"{_text[_at..]} makes no sense here" : "the expression ends too early";
        return new CommandException(wanted is null ? found : $"{found}: {wanted} is missing");
    }
}
