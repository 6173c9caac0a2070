using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Lifeboat.Drill.Crashes;

/// <summary>Writes an ELF64 object file for x86-64: sections, symbols, relocations.</summary>
internal sealed class ObjectFile
{
    internal const int Writable = 1;
    internal const int Allocated = 2;
    internal const int Executable = 4;
    internal const byte SectionSymbol = 3;
    internal const byte LocalFunction = 2;
    internal const byte GlobalFunction = 0x12;
    internal const byte GlobalUndefined = 0x10;

    private const int HeaderSize = 64;
    private const int SymbolSize = 24;
    private const int ProgramBits = 1;
    private const int SymbolTable = 2;
    private const int StringTable = 3;
    private const int Relocations = 4;
    private const int Alignment = 64;

    private readonly List<Section> _sections = [new Section("", 0, 0, 0)];
    private readonly ByteList _symbols = new();
    private readonly ByteList _names = new();
    private int _symbolCount = 1;
    private int _locals = 1;

    internal ObjectFile()
    {
        _symbols.Zeros(SymbolSize);
        _names.Zeros(1);
    }

    /// <summary>Adds a section; gives its number.</summary>
    internal int AddSection(string name, int flags, byte[] content)
    {
        var section = new Section(name, ProgramBits, flags, 0);
        section.Content.Add(content);
        _sections.Add(section);
        return _sections.Count - 1;
    }

    /// <summary>Adds a symbol; gives its number. Local ones come first, as the format wants it.</summary>
    internal int AddSymbol(string name, int section, int value, int size, byte kind)
    {
        _symbols.Int(name.Length == 0 ? 0 : _names.Length);
        _symbols.Int(kind | section << 16);
        _symbols.Long(value);
        _symbols.Long(size);
        if (name.Length > 0)
        {
            _names.Add(Encoding.ASCII.GetBytes(name + '\0'));
        }

        _locals += kind < GlobalUndefined ? 1 : 0;
        return _symbolCount++;
    }

    /// <summary>Has a place of a section filled in when the file is loaded.</summary>
    internal void Relocate(int section, int offset, int symbol, int kind, long addend)
    {
        Section? table = null;
        foreach (Section candidate in _sections)
        {
            table = candidate.Kind == Relocations && candidate.Information == section ? candidate : table;
        }

        if (table is null)
        {
            table = new Section(".rela" + _sections[section].Name, Relocations, 0, section) { EntrySize = 24 };
            _sections.Add(table);
        }

        table.Content.Long(offset);
        table.Content.Long((long)symbol << 32 | (uint)kind);
        table.Content.Long(addend);
    }

    /// <summary>The file.</summary>
    internal byte[] ToBytes()
    {
        int symbols = _sections.Count;
        var table = new Section(".symtab", SymbolTable, 0, _locals) { EntrySize = SymbolSize, Link = symbols + 1 };
        table.Content.Add(_symbols.ToArray());
        _sections.Add(table);
        var strings = new Section(".strtab", StringTable, 0, 0);
        strings.Content.Add(_names.ToArray());
        _sections.Add(strings);
        var names = new Section(".shstrtab", StringTable, 0, 0);
        _sections.Add(names);

        var body = new ByteList();
        var headers = new ByteList();
        foreach (Section section in _sections)
        {
            headers.Int(names.Content.Length);
            names.Content.Add(Encoding.ASCII.GetBytes(section.Name + '\0'));
            body.Zeros(-body.Length & (Alignment - 1));
            bool isNull = section.Kind == 0;
            headers.Int(section.Kind);
            headers.Long(section.Flags);
            headers.Long(0);
            headers.Long(isNull ? 0 : HeaderSize + body.Length);
            headers.Long(section.Content.Length);
            headers.Int(section.Kind == Relocations ? symbols : section.Link);
            headers.Int(section.Information);
            headers.Long(isNull ? 0 : section.Kind == ProgramBits ? Alignment : 8);
            headers.Long(section.EntrySize);
            body.Add(section.Content.ToArray());
        }

        body.Zeros(-body.Length & 7);
        var file = new ByteList();
        file.Add([0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        file.Int(1 | 62 << 16); // ET_REL, EM_X86_64
        file.Int(1);
        file.Long(0);
        file.Long(0);
        file.Long(HeaderSize + body.Length);
        file.Int(0);
        file.Int(HeaderSize);
        file.Int(HeaderSize << 16);
        file.Int(_sections.Count | (_sections.Count - 1) << 16);
        file.Add(body.ToArray());
        file.Add(headers.ToArray());
        return file.ToArray();
    }

    private sealed class Section(string name, int kind, int flags, int information)
    {
        internal string Name => name;

        internal int Kind => kind;

        internal int Flags => flags;

        internal int Information => information;

        internal int Link { get; init; }

        internal int EntrySize { get; init; }

        internal ByteList Content { get; } = new();
    }

    private sealed class ByteList
    {
        private readonly ArrayBufferWriter<byte> _bytes = new();

        internal int Length => _bytes.WrittenCount;

        internal void Add(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

        internal void Zeros(int count) => _bytes.Write(new byte[count]);

        internal void Int(int value)
        {
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
            _bytes.Write(bytes);
        }

        internal void Long(long value)
        {
            Span<byte> bytes = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
            _bytes.Write(bytes);
        }

        internal byte[] ToArray() => _bytes.WrittenSpan.ToArray();
    }
}
