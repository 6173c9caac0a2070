using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;

namespace Lifeboat.Inspect.Commands.Code;

/// <summary><c>dis</c>: instructions, as they were in memory.</summary>
internal sealed class DisCommand : InspectCommand
{
    private const string X64 = "x86_64";
    private const int MostBytes = 1 << 20;
    private const int MostInstructions = MostBytes / CodeListing.LongestInstruction;

    public override string Name => "dis";

    public override string Summary => "instructions, as they were in memory";

    public override string Usage =>
        """
        dis [-r | -f] [-l] FUNCTION|ADDRESS [COUNT]

          FUNCTION  all of it, or COUNT instructions from its start on
          ADDRESS   in hex, or FUNCTION+0x10: one instruction, or COUNT
          -r        from the start of the function up to the address; with COUNT the last ones of these
          -f        from the address to the end of the function
          -l        source lines, where they are known: only debugging information has them, and it is not read

        > marks where the chosen task is: the instruction that it was interrupted at, or the calls that it is in. Code that the
        kernel has patched (alternatives, static keys, ftrace) is shown as patched. x86-64 only, as Intel writes it.
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(arguments);
        CrashedKernel kernel = session.Kernel;
        if (KernelIdentity.Read(kernel.Dump).Machine is { } machine && machine != X64)
        {
            throw new CommandException($"dis knows the instructions of {X64} only, and this is {machine}");
        }

        var request = Request.Parse(arguments);
        VirtualAddress place = Places.Parse(kernel, request.Place);
        SymbolPlace? function = kernel.Names.TryFind(place, out SymbolPlace? found) ? found : null;
        var listing = new CodeListing(kernel, session.Task);
        if (request.WantsStart)
        {
            ListUpTo(listing, function ?? throw NoFunction(request.Place), place, request.Count);
        }
        else if (request.WantsEnd || (request.Count is null && kernel.Names.TryFind(request.Place, out _)))
        {
            ulong size = (function ?? throw NoFunction(request.Place)).Symbol.Size.Value;
            int bytes = size > function.Offset.Value ? (int)Math.Min(size - function.Offset.Value, MostBytes) : 1;
            listing.Add(place, bytes, 0, request.Count ?? int.MaxValue);
        }
        else
        {
            int count = request.Count ?? 1;
            listing.Add(place, count * CodeListing.LongestInstruction, 0, count);
        }

        if (request.Lines)
        {
            listing.Table.Note("source lines are not known: a dump has none, and debugging information is not read");
        }

        return [listing.Table];
    }

    private static void ListUpTo(CodeListing listing, SymbolPlace function, VirtualAddress place, int? count)
    {
        if (function.Offset.Value > MostBytes)
        {
            throw new CommandException($"{place} lies too far into {function.Symbol.Name}: leave -r out");
        }

        int all = listing.CountTo(function.Symbol.Address, place);
        listing.Add(
            function.Symbol.Address, (int)function.Offset.Value + 1, Math.Max(0, all - (count ?? all)), int.MaxValue - all);
    }

    private static CommandException NoFunction(string place) => new($"{place} lies in no function that is known: leave -r and -f out");

    private sealed record Request(string Place, int? Count, bool WantsStart, bool WantsEnd, bool Lines)
    {
        internal static Request Parse(IReadOnlyList<string> arguments)
        {
            (bool start, bool end, bool lines) = (false, false, false);
            (string? place, int? count) = (null, null);
            var words = new CommandWords("dis", arguments);
            while (words.TryNext(out string word))
            {
                switch (word)
                {
                    case "-r":
                        start = true;
                        break;
                    case "-f":
                        end = true;
                        break;
                    case "-l":
                        lines = true;
                        break;
                    case ['-', ..]:
                        throw words.Unknown(word);
                    case var _ when place is null:
                        place = word;
                        break;
                    case var _ when count is null && CommandWords.TryParseNumber(word, out ulong number)
                        && number is > 0 and <= MostInstructions:
                        count = (int)number;
                        break;
                    default:
                        throw words.Wrong($"one place and a count, at most {MostInstructions}");
                }
            }

            return place is null || (start && end) ? throw words.Wrong("a function or an address, and -r or -f")
                : new Request(place, count, start, end, lines);
        }
    }
}
