using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Lifeboat.Symbols.Tests.TestSupport;

/// <summary>Writes a table of symbols as scripts/kallsyms.c lays it out, names packed with a few strings.</summary>
internal sealed class KallsymsWriter
{
    internal const ulong Base = ImageMemory.Start;
    private static readonly string[] Pairs = ["init", "_", "sys_", "Tstart", "D__per", "task", "lock", "do_"];

    private readonly string?[] _tokens = new string?[256];
    private readonly List<byte> _image = [];

    internal KallsymsWriter()
    {
        for (int c = 0x21; c < 0x7f; c++)
        {
            _tokens[c] = ((char)c).ToString();
        }

        for (int i = 0; i < Pairs.Length; i++)
        {
            _tokens[0x80 + i] = Pairs[i];
        }
    }

    internal enum Form
    {
        /// <summary>Up to 6.14 on x86-64: per-CPU variables count from 0.</summary>
        PerCpuAbsolute,

        /// <summary>Other machines, and x86-64 from 6.15 on.</summary>
        Relative,

        /// <summary>From 7.0 on.</summary>
        PlaceRelative,
    }

    internal Dictionary<string, ulong> Places { get; } = new(StringComparer.Ordinal);

    /// <summary>The image: 4 KiB of nothing, then the parts in the order of 4.20 to 6.3 or from 6.4 on.</summary>
    internal byte[] Write(IReadOnlyList<(string Name, char Type, ulong Address)> symbols, Form form, bool isNewOrder = false)
    {
        _image.AddRange(new byte[4096]);
        if (isNewOrder)
        {
            WriteNames(symbols);
            WriteTokens();
            WriteAddresses(symbols, form);
        }
        else
        {
            WriteAddresses(symbols, form);
            WriteNames(symbols);
            WriteTokens();
        }

        _image.AddRange(new byte[64]);
        return [.. _image];
    }

    /// <summary>The memory with VMCOREINFO's keys, as kernels from 6.0 on have them.</summary>
    internal ImageMemory ToMemory(byte[] image)
    {
        var memory = new ImageMemory(image);
        foreach ((string name, ulong place) in Places)
        {
            memory.Info[$"SYMBOL({name})"] = place.ToString("x", CultureInfo.InvariantCulture);
        }

        return memory;
    }

    private void Begin(string part)
    {
        while (_image.Count % 8 != 0)
        {
            _image.Add(0);
        }

        Places[part] = Base + (ulong)_image.Count;
    }

    private void WriteAddresses(IReadOnlyList<(string Name, char Type, ulong Address)> symbols, Form form)
    {
        Begin("kallsyms_offsets");
        ulong place = Places["kallsyms_offsets"];
        Span<byte> bytes = stackalloc byte[8];
        foreach ((_, _, ulong address) in symbols)
        {
            ulong offset = form switch
            {
                Form.PlaceRelative => address - place,
                Form.PerCpuAbsolute when address < Base => address,
                Form.PerCpuAbsolute => Base - 1 - address,
                _ => address - Base,
            };
            BinaryPrimitives.WriteInt32LittleEndian(bytes, unchecked((int)offset));
            _image.AddRange(bytes[..4]);
            place += 4;
        }

        if (form == Form.PlaceRelative)
        {
            return;
        }

        Begin("kallsyms_relative_base");
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Base);
        _image.AddRange(bytes);
    }

    private void WriteNames(IReadOnlyList<(string Name, char Type, ulong Address)> symbols)
    {
        Span<byte> number = stackalloc byte[4];
        Begin("kallsyms_num_syms");
        BinaryPrimitives.WriteInt32LittleEndian(number, symbols.Count);
        _image.AddRange(number);
        Begin("kallsyms_names");
        long start = _image.Count;
        var markers = new List<uint>();
        for (int i = 0; i < symbols.Count; i++)
        {
            if (i % 256 == 0)
            {
                markers.Add((uint)(_image.Count - start));
            }

            byte[] packed = Pack(symbols[i].Type + symbols[i].Name);
            if (packed.Length >= 0x80)
            {
                _image.Add((byte)(0x80 | (packed.Length & 0x7f)));
                _image.Add((byte)(packed.Length >> 7));
            }
            else
            {
                _image.Add((byte)packed.Length);
            }

            _image.AddRange(packed);
        }

        Begin("kallsyms_markers");
        foreach (uint marker in markers)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(number, marker);
            _image.AddRange(number);
        }
    }

    private void WriteTokens()
    {
        Begin("kallsyms_token_table");
        long start = _image.Count;
        byte[] index = new byte[512];
        for (int i = 0; i < 256; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(index.AsSpan(2 * i), (ushort)(_image.Count - start));
            _image.AddRange(Encoding.Latin1.GetBytes((_tokens[i] ?? "") + "\0"));
        }

        Begin("kallsyms_token_index");
        _image.AddRange(index);
    }

    private byte[] Pack(string text)
    {
        var packed = new List<byte>();
        for (int i = 0; i < text.Length;)
        {
            int best = text[i];
            for (int code = 0x80; code < 256; code++)
            {
                if (_tokens[code] is { } token && string.CompareOrdinal(text, i, token, 0, token.Length) == 0)
                {
                    best = code;
                }
            }

            packed.Add((byte)best);
            i += _tokens[best]!.Length;
        }

        return [.. packed];
    }
}
