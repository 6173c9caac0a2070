namespace Lifeboat.Symbols.Types;

/// <summary>What a BTF type is (BTF_KIND_*, Documentation/bpf/btf.rst); the numbers are the format's.</summary>
public enum BtfKind
{
    /// <summary>The type 0, <c>void</c>.</summary>
    Void,

    /// <summary>An integer, a character or a truth value.</summary>
    Int,

    /// <summary>A pointer.</summary>
    Pointer,

    /// <summary>An array.</summary>
    Array,

    /// <summary>A structure.</summary>
    Struct,

    /// <summary>A union.</summary>
    Union,

    /// <summary>An enumeration of at most 32 bits.</summary>
    Enum,

    /// <summary>A structure or union that is declared and not defined.</summary>
    Forward,

    /// <summary>A typedef.</summary>
    Typedef,

    /// <summary><c>volatile</c> of another type.</summary>
    Volatile,

    /// <summary><c>const</c> of another type.</summary>
    Const,

    /// <summary><c>restrict</c> of another type.</summary>
    Restrict,

    /// <summary>A function; its type is a <see cref="FunctionPrototype"/>.</summary>
    Function,

    /// <summary>What a function takes and returns.</summary>
    FunctionPrototype,

    /// <summary>A variable; the kernel describes per-CPU ones.</summary>
    Variable,

    /// <summary>A section of variables.</summary>
    DataSection,

    /// <summary>A floating-point number.</summary>
    Float,

    /// <summary>A note on a declaration (<c>btf_decl_tag</c>).</summary>
    DeclarationTag,

    /// <summary>A note on a type (<c>btf_type_tag</c>: <c>__user</c>, <c>__percpu</c>, <c>__rcu</c>).</summary>
    TypeTag,

    /// <summary>An enumeration of 64 bits.</summary>
    Enum64,
}
