using System.Buffers.Binary;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Symbols.Types;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Symbols.Unwinding;

/// <summary>Finds out how the kernel's unwind tables are to be read; nothing in memory says it plainly.</summary>
/// <remarks>
/// What the kernel says of itself (a digest of the format's definition from 6.5 on, the bit fields of struct orc_entry
/// in BTF) is taken first. A sample of the table then has to fit; where nothing is said, it decides alone.
/// </remarks>
internal sealed class OrcFormatFinder(AddressSpace space, KernelSymbols symbols, Btf? types)
{
    private const int Samples = 256;
    private const int HeaderSize = 20;

    // SHA-1 as scripts/orc_hash.sh makes it of the definitions of 6.3, 6.4 and 7.1.
    private static ReadOnlySpan<byte> Header63 =>
        [
            0xdb, 0x84, 0xae, 0xd4, 0x10, 0x3b, 0x31, 0xdd, 0x51, 0xe0,
            0x17, 0xf8, 0xf7, 0x97, 0x83, 0xca, 0x98, 0x5c, 0x2c, 0x51,
        ];

    private static ReadOnlySpan<byte> Header64 =>
        [
            0xfe, 0x5d, 0x32, 0xbf, 0x58, 0x1b, 0xd6, 0x3b, 0x2c, 0xa9,
            0xa5, 0xc6, 0x5b, 0xa5, 0xa6, 0x25, 0xea, 0xb3, 0xfe, 0x24,
        ];

    private static ReadOnlySpan<byte> Header71 =>
        [
            0x13, 0x7c, 0x36, 0xad, 0x76, 0x27, 0xc4, 0xdd, 0x55, 0x93,
            0x21, 0x76, 0xbb, 0x0e, 0xcd, 0xbd, 0x50, 0x41, 0xfc, 0x82,
        ];

    /// <summary>What was believed, for a person.</summary>
    internal string Evidence { get; private set; } = "";

    /// <summary>The format.</summary>
    /// <exception cref="DumpFormatException">The table fits no format.</exception>
    internal OrcFormat Find(OrcSection section)
    {
        Tally tally = Sample(section);
        OrcFormat? said = FromHeader() ?? FromTypes(tally);
        if (said is { } format && tally.Fits(format))
        {
            return format;
        }

        OrcFormat guess = tally.Fits(OrcFormat.Linux71) ? OrcFormat.Linux71
            : tally.Fits(OrcFormat.Linux64) ? OrcFormat.Linux64
            : HasSignalBit(section) ? OrcFormat.Linux63
            : WithTwoBits();
        if (tally.Read == 0 || !tally.Fits(guess))
        {
            throw new DumpFormatException(
                new Diagnostic(SymbolsDiagnosticIds.DamagedUnwindTable, "the kernel's unwind table is of no known form")
                {
                    Where = "__start_orc_unwind",
                    Found = $"of {Samples} entries {tally.Read} could be read, {tally.Newest} look like those of 7.1, "
                        + $"{tally.Newer} like those of 6.4, {tally.Older} like earlier ones",
                });
        }

        Evidence = "the table's entries";
        return guess;
    }

    private OrcFormat? FromHeader()
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        if (!symbols.TryFindAddress("__start_orc_header", out VirtualAddress start)
            || space.Read(start, header, out _) < HeaderSize)
        {
            return null;
        }

        OrcFormat? format = header.SequenceEqual(Header71) ? OrcFormat.Linux71
            : header.SequenceEqual(Header64) ? OrcFormat.Linux64
            : header.SequenceEqual(Header63) ? OrcFormat.Linux63 : null;
        Evidence = format is null ? "" : "the digest at __start_orc_header";
        return format;
    }

    private OrcFormat? FromTypes(Tally tally)
    {
        try
        {
            if (types is null || !types.TryFind("orc_entry", BtfKind.Struct, out BtfType? entry)
                || !types.TryFindMember(entry, "type", out BtfMember? type))
            {
                return null;
            }

            Evidence = $"struct orc_entry in BTF: a type of {type.BitSize} bits";
            return type.BitSize switch
            {
                3 => tally.Newest > tally.Newer ? OrcFormat.Linux71 : OrcFormat.Linux64,
                2 when types.TryFindMember(entry, "signal", out _) => OrcFormat.Linux63,
                2 => WithTwoBits(),
                _ => null,
            };
        }
        catch (DumpFormatException)
        {
            return null;
        }
    }

    // 5.12 changed the meaning of indirect entries together with how it keeps track of the interrupt stack.
    private OrcFormat WithTwoBits() =>
        symbols.TryFindAddress("hardirq_stack_inuse", out _) || symbols.TryFindAddress("pcpu_hot", out _)
            ? OrcFormat.Linux512 : OrcFormat.Linux414;

    // An exception's first instruction has only what the processor pushed: from 6.3 on its entry says "interrupted".
    private bool HasSignalBit(OrcSection section) =>
        symbols.TryFindAddress("asm_exc_page_fault", out VirtualAddress start)
        && section.TryFind(start, out ReadOnlySpan<byte> entry)
        && (BinaryPrimitives.ReadUInt16LittleEndian(entry[4..]) & 0x70f) == 0x605;

    private static Tally Sample(OrcSection section)
    {
        var tally = new Tally();
        for (int i = 0; i < Samples; i++)
        {
            if (section.TryEntry((int)((long)i * section.Count / Samples), out ReadOnlySpan<byte> entry))
            {
                tally.Add(BinaryPrimitives.ReadUInt16LittleEndian(entry[4..]));
            }
        }

        return tally;
    }

    /// <summary>
    /// Counts by the commonest entry of all, a function's that keeps no frame pointer: a call, counted from RSP.
    /// </summary>
    private sealed class Tally
    {
        internal int Read { get; private set; }

        internal int Newest { get; private set; }

        internal int Newer { get; private set; }

        internal int Older { get; private set; }

        internal void Add(ushort flags)
        {
            Read++;
            switch (flags & 0x70f)
            {
                case 0x203:
                    Newest++;
                    break;
                case 0x205:
                    Newer++;
                    break;
                case 0x005:
                    Older++;
                    break;
            }
        }

        internal bool Fits(OrcFormat format) => Read > 0 && Read <= 2 * format switch
        {
            OrcFormat.Linux71 => Newest,
            OrcFormat.Linux64 => Newer,
            _ => Older,
        };
    }
}
