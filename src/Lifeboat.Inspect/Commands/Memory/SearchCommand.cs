using System.Globalization;
using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Inspect.Commands.Memory;

/// <summary><c>search</c>: where words or texts are in memory.</summary>
internal sealed class SearchCommand : InspectCommand
{
    private const int MostHits = 1 << 16;
    private const ulong StackSize = 16 << 10;

    public override string Name => "search";

    public override string Summary => "where words or texts are in memory";

    public override string Usage =>
        """
        search [-p | -u | -t] [-s START] [-e END | -l BYTES] [-w | -h] [-m MASK] VALUE...
        search [-p | -u | -t] [-s START] [-e END | -l BYTES] -c TEXT...

          -p        physical memory, by physical addresses
          -u        the memory of a process: of the task that was chosen, or that crashed
          -t        the kernel stacks of all tasks
          -s START, -e END, -l BYTES
                    only from, up to, this far; addresses or symbols
          -w, -h    words of 32, of 16 bits; 64 without either
          -m MASK   bits that may be anything, in hex
          -c        texts instead of words
          VALUE     in hex, or a symbol, which stands for its address

        Without -p, -u, -t or -s all of RAM is searched, and found in the direct map. With -s addresses are those of the
        kernel, mapped as they are. Pages that the dump does not have are passed over.
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(arguments);
        CrashedKernel kernel = session.Kernel;
        (char where, string? start, string? end, string? length, int size, ulong mask, bool isText) = ('k', null, null, null, 8, 0, false);
        var wanted = new List<string>();
        var words = new CommandWords("search", arguments);
        while (words.TryNext(out string word))
        {
            switch (word)
            {
                case "-k" or "-p" or "-u" or "-t":
                    where = word[1];
                    break;
                case "-s":
                    start = words.ValueOf("-s");
                    break;
                case "-e":
                    end = words.ValueOf("-e");
                    break;
                case "-l":
                    length = words.ValueOf("-l");
                    break;
                case "-w" or "-h":
                    size = word == "-w" ? 4 : 2;
                    break;
                case "-m":
                    mask = Places.TryParseHex(words.ValueOf("-m"), out ulong bits) ? bits : throw words.Wrong("a mask in hex");
                    break;
                case "-c":
                    isText = true;
                    break;
                case ['-', ..] when !isText:
                    throw words.Unknown(word);
                default:
                    wanted.Add(word);
                    break;
            }
        }

        if (wanted.Count == 0)
        {
            throw words.Wrong("words or texts to look for");
        }

        MemorySearch search = isText ? MemorySearch.ForTexts(kernel, wanted, MostHits)
            : MemorySearch.ForWords(kernel, Values(kernel, wanted, size), size, mask, MostHits);
        ulong? first = start is null ? null : Address(kernel, start, where);
        ulong? last = end is not null ? Address(kernel, end, where)
            : length is null ? null
            : CommandWords.TryParseNumber(length, out ulong bytes) ? unchecked((first ?? 0) + bytes) : throw words.Wrong("a number of bytes");
        if (last <= (first ?? 0))
        {
            throw words.Wrong("an end behind the start");
        }

        Table table = Search(session, search, where, first, last);
        Add(table, search, where == 'p', isText, size);
        return [table];
    }

    private static Table Search(InspectSession session, MemorySearch search, char where, ulong? first, ulong? last)
    {
        CrashedKernel kernel = session.Kernel;
        var table = new Table(
            "found",
            new Column(where == 'p' ? "PHYSICAL" : "ADDRESS", "address", ColumnKind.Hex),
            new Column("FOUND", "found", ColumnKind.Text));
        switch (where)
        {
            case 'u':
                KernelWalk<UserArea> areas = Processes.FindMemory(session, null).Areas;
                foreach (UserArea area in areas)
                {
                    if (area is { Start: { } start, End: { } end } && Processes.FindMemory(session, null).Space is { } space)
                    {
                        search.In(
                            space,
                            new VirtualAddress(Math.Max(start.Value, first ?? 0)),
                            new VirtualAddress(Math.Min(end.Value, last ?? ulong.MaxValue)));
                    }
                }

                WalkNotes.Add(table, "areas", areas);
                break;
            case 't':
                ulong size = kernel.Types.TryFind("union thread_union", out KernelType? type) ? type.Size.Value : StackSize;
                KernelWalk<KernelTask> tasks = kernel.Tasks;
                foreach (KernelTask task in tasks)
                {
                    if (task.StackBase is { Value: > 0 } stack)
                    {
                        search.In(kernel.Space, stack, stack + new ByteCount(size));
                    }
                }

                WalkNotes.Add(table, "tasks", tasks);
                break;
            case 'k' when first is { } start:
                search.In(kernel.Space, new VirtualAddress(start), new VirtualAddress(last ?? ulong.MaxValue));
                break;
            case 'k' when last is not null:
                throw new CommandException("search wants -s with -e and -l, for the kernel's addresses");
            default:
                search.InPhysical(new PhysicalAddress(first ?? 0), new PhysicalAddress(last ?? ulong.MaxValue));
                break;
        }

        return table;
    }

    private static List<ulong> Values(CrashedKernel kernel, List<string> words, int size)
    {
        var values = new List<ulong>();
        foreach (string word in words)
        {
            ulong value = Places.TryParseHex(word, out ulong number) ? number : Places.Parse(kernel, word).Value;
            values.Add(size == 8 || value >> (size * 8) == 0 ? value
                : throw new CommandException($"{word} is longer than {size * 8} bits"));
        }

        return values;
    }

    private static ulong Address(CrashedKernel kernel, string text, char where) => where is 'k' or 't' ? Places.Parse(kernel, text).Value
        : Places.TryParseHex(text, out ulong address) ? address : throw new CommandException($"{text} is no address in hex");

    private static void Add(Table table, MemorySearch search, bool isPhysical, bool isText, int size)
    {
        foreach (SearchHit hit in search.Hits)
        {
            table.Add(
                Cell.Address(isPhysical ? new VirtualAddress(hit.Physical.Value) : hit.Virtual),
                Cell.Text(isText ? hit.Text : hit.Value.ToString($"x{size * 2}", CultureInfo.InvariantCulture)));
        }

        if (search.IsCut)
        {
            table.Note($"the search ended with the first {MostHits}: there may be more");
        }

        if (table.Rows.Count == 0)
        {
            table.Note($"not found in {search.Searched}");
        }
    }
}
