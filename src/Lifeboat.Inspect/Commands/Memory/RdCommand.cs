using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Memory;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Inspect.Commands.Memory;

/// <summary><c>rd</c>: memory in hex.</summary>
internal sealed class RdCommand : InspectCommand
{
    private const int LineBytes = 16;
    private const ulong MostBytes = 16UL << 20;

    public override string Name => "rd";

    public override string Summary => "memory in hex and as text";

    public override string Usage =>
        """
        rd [-8 | -16 | -32 | -64] [-s | -S] [-p | -u] [-e END] ADDRESS|SYMBOL [COUNT]

          -8, -16, -32, -64
                    bits of each word; 64 when none is given
          -s        names for what points to functions and variables, instead of text
          -S        the same, and [cache] for what points into an object of a slab cache
          -p        ADDRESS is one of physical memory
          -u        ADDRESS is one of a process: of the task that was chosen, or that crashed
          -e END    up to this address, instead of COUNT
          COUNT     words, decimal or with 0x in hex; 1 when it is not given

        Addresses are in hex, those of the lower half a process's where the task has one. SYMBOL+0x10 is an address, too.
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(arguments);
        CrashedKernel kernel = session.Kernel;
        var request = Request.Parse(session, arguments);
        var table = new Table(
            "memory",
            new Column("ADDRESS", "address", ColumnKind.Hex),
            new Column("WORDS", "words", ColumnKind.Text),
            request.Names ? new Column("SYMBOLS", "symbols", ColumnKind.Text) : new Column("TEXT", "text", ColumnKind.Text));
        Span<byte> bytes = stackalloc byte[LineBytes];
        Span<bool> present = stackalloc bool[LineBytes];
        for (ulong done = 0; done < request.Bytes; done += LineBytes)
        {
            int length = (int)Math.Min(LineBytes, request.Bytes - done);
            ulong address = unchecked(request.Start + done);
            Read(kernel, request, address, bytes[..length], present);
            table.Add(
                Cell.Address(new VirtualAddress(address)),
                Cell.Text(Words(bytes[..length], present, request.Width)),
                Cell.Text(request.Names ? Symbols(kernel, request, bytes[..length], present) : Characters(bytes[..length], present)));
        }

        return [table];
    }

    // What is readable changes at pages only, and lines need not start at one.
    private static void Read(CrashedKernel kernel, Request request, ulong address, Span<byte> bytes, Span<bool> present)
    {
        present.Clear();
        int done = 0;
        while (done < bytes.Length)
        {
            ulong place = unchecked(address + (ulong)done);
            int read = request.IsPhysical ? kernel.Dump.Read(new PhysicalAddress(place), bytes[done..], out _)
                : (request.Process ?? kernel.Space).Read(new VirtualAddress(place), bytes[done..], out _);
            present.Slice(done, read).Fill(true);
            done += Math.Max(read, 1);
        }
    }

    private static string Words(ReadOnlySpan<byte> bytes, ReadOnlySpan<bool> present, int width)
    {
        var text = new StringBuilder();
        for (int at = 0; at + width <= bytes.Length; at += width)
        {
            text.Append(at > 0 ? " " : "");
            if (present.Slice(at, width).Contains(false))
            {
                text.Append(Cell.Missing);
                continue;
            }

            for (int i = width - 1; i >= 0; i--)
            {
                text.Append(bytes[at + i].ToString("x2", CultureInfo.InvariantCulture));
            }
        }

        return text.ToString();
    }

    private static string Symbols(CrashedKernel kernel, Request request, ReadOnlySpan<byte> bytes, ReadOnlySpan<bool> present)
    {
        var names = new List<string>();
        for (int at = 0; at + 8 <= bytes.Length; at += 8)
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
            string? name = present.Slice(at, 8).Contains(false) ? null : Places.NameOf(kernel, new VirtualAddress(word));
            if (name is null && request.Slabs && kernel.Memory.TryFindSlab(new VirtualAddress(word), out Slab? slab))
            {
                name = $"[{slab.Cache}]";
            }

            names.Add(name ?? "-");
        }

        return string.Join("  ", names);
    }

    private static string Characters(ReadOnlySpan<byte> bytes, ReadOnlySpan<bool> present)
    {
        var text = new StringBuilder();
        for (int i = 0; i < bytes.Length; i++)
        {
            text.Append(!present[i] ? ' ' : bytes[i] is >= 0x20 and < 0x7f ? (char)bytes[i] : '.');
        }

        return text.ToString();
    }

    private sealed record Request(
        ulong Start, ulong Bytes, int Width, bool Names, bool Slabs, bool IsPhysical, AddressSpace? Process)
    {
        internal static Request Parse(InspectSession session, IReadOnlyList<string> arguments)
        {
            CrashedKernel kernel = session.Kernel;
            (int width, bool names, bool slabs, bool isPhysical, bool isUser) = (8, false, false, false, false);
            (string? end, string? start, string? count) = (null, null, null);
            var words = new CommandWords("rd", arguments);
            while (words.TryNext(out string word))
            {
                switch (word)
                {
                    case "-8" or "-16" or "-32" or "-64":
                        width = int.Parse(word.AsSpan(1), CultureInfo.InvariantCulture) / 8;
                        break;
                    case "-s":
                        names = true;
                        break;
                    case "-S":
                        (names, slabs) = (true, true);
                        break;
                    case "-u":
                        isUser = true;
                        break;
                    case "-p":
                        isPhysical = true;
                        break;
                    case "-e":
                        end = words.ValueOf("-e");
                        break;
                    case ['-', ..]:
                        throw words.Unknown(word);
                    case var _ when start is null:
                        start = word;
                        break;
                    case var _ when count is null:
                        count = word;
                        break;
                    default:
                        throw words.Wrong("one address and a count");
                }
            }

            if (start is null)
            {
                throw words.Wrong("an address");
            }

            if (names && width != 8)
            {
                throw new CommandException("-s and -S are for words of 64 bits: leave the width out");
            }

            ulong first = Address(kernel, start, isPhysical);
            ulong last = end is null ? 0 : Address(kernel, end, isPhysical);
            ulong number = 1;
            if (count is not null && (!CommandWords.TryParseNumber(count, out number) || number == 0))
            {
                throw new CommandException($"{count} is no count of words: decimal, or hex with 0x");
            }

            if (end is not null && last <= first)
            {
                throw new CommandException($"the end {end} does not lie behind {start}");
            }

            UInt128 bytes = end is null ? (UInt128)number * (uint)width : last - first;
            AddressSpace? process = isUser ? Processes.FindMemory(session, null).Space
                : !isPhysical && Processes.IsUser(first) ? session.Task?.Memory?.Space : null;
            ulong rounded = ((ulong)UInt128.Min(bytes, ulong.MaxValue - 8) + (uint)width - 1) / (uint)width * (uint)width;
            return bytes <= MostBytes ? new Request(first, rounded, width, names, slabs, isPhysical, process)
                : throw new CommandException($"rd shows at most {new ByteCount(MostBytes)} at once");
        }

        private static ulong Address(CrashedKernel kernel, string text, bool isPhysical) =>
            !isPhysical ? Places.Parse(kernel, text).Value
            : Places.TryParseHex(text, out ulong address) ? address
            : throw new CommandException($"{text} is no address of physical memory in hex");
    }
}
