using System.Buffers.Binary;
using Lifeboat.Core;
using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Commands;
using Lifeboat.Kernel;

namespace Lifeboat.Inspect.Tests.Hostile;

/// <summary>Damages what a use of a dump reads: pages gone, of zeros or garbled, and words, above all pointers.</summary>
internal sealed class MemoryDamage
{
    private const int MostPlaces = 20_000;
    private const int MostPointers = 4096;
    private const ulong KernelHalf = 0xffff_8000_0000_0000;
    private const string Opening = "";

    private static readonly ulong[] Extremes = [1, 0x7f, 0xff, 0xffff, 0x7fff_ffff, 0xffff_ffff, long.MaxValue, ulong.MaxValue, ulong.MaxValue - 4095];

    private readonly MutatedDump _dump;
    private readonly Dictionary<string, List<ulong>> _places = new(StringComparer.Ordinal);
    private readonly List<ulong> _pointers = [0];
    private readonly ulong? _directMap;

    /// <summary>Notes what is read when a kernel is opened, and what each command reads then.</summary>
    internal MemoryDamage(MutatedDump dump, DumpLimits limits)
    {
        _dump = dump;
        dump.Record = [];
        var session = new InspectSession(CrashedKernel.Open(dump, limits));
        _directMap = session.Kernel.DirectMapOf(new PhysicalAddress(0))?.Value;
        Keep(Opening);
        foreach (string line in CommandLines.All)
        {
            try
            {
                _ = line == CommandLines.Report ? HostileRun.Report(dump, limits) : HostileRun.Command(session, line);
            }
            catch (CommandException)
            {
                // What this kernel lacks is read as far as there is any.
            }

            Keep(line);
        }

        dump.Record = null;
        dump.Mend();
    }

    /// <summary>Damages what one command reads, or what all of them need.</summary>
    internal void Apply(string line, Random random)
    {
        for (int changes = 1 << random.Next(5); changes > 0; changes--)
        {
            List<ulong> places = random.Next(4) > 0 && _places[line].Count > 0 ? _places[line] : _places[Opening];
            ulong place = places[random.Next(places.Count)];
            int kind = random.Next(24);
            if (kind == 0)
            {
                _dump.Exclude(place / 4096);
                continue;
            }

            Span<byte> page = _dump.Change(place / 4096);
            if (page.IsEmpty)
            {
                continue;
            }

            if (kind == 1)
            {
                page.Clear();
            }
            else if (kind == 2)
            {
                random.NextBytes(page[random.Next(page.Length)..]);
            }
            else
            {
                Span<byte> word = page[(int)(place % 4096)..][..8];
                BinaryPrimitives.WriteUInt64LittleEndian(word, Value(place, BinaryPrimitives.ReadUInt64LittleEndian(word), random));
            }
        }
    }

    private ulong Value(ulong place, ulong old, Random random) => random.Next(9) switch
    {
        0 => 0,
        1 => (ulong)random.NextInt64(long.MinValue, long.MaxValue),
        2 => Extremes[random.Next(Extremes.Length)],
        3 => old ^ (1UL << random.Next(64)),
        4 => unchecked(old + (ulong)random.Next(-64, 64)),
        5 when _directMap is { } map => unchecked(map + place), // itself
        6 => unchecked(_pointers[random.Next(_pointers.Count)] + (ulong)(random.Next(-8, 8) * 8)),
        _ => _pointers[random.Next(_pointers.Count)],
    };

    private void Keep(string line)
    {
        List<PhysicalRange> record = _dump.Record!;
        _dump.Record = [];
        var places = new List<ulong>();
        var random = new Random(record.Count);
        Span<byte> bytes = stackalloc byte[8];
        for (int i = 0; i < Math.Min(MostPlaces, record.Count); i++)
        {
            PhysicalRange range = record[record.Count > MostPlaces ? random.Next(record.Count) : i];
            ulong place = (range.Start.Value + (ulong)random.NextInt64((long)Math.Max(1, range.Length.Value))) & ~7UL;
            places.Add(place);
            if (_dump.Read(new PhysicalAddress(place), bytes, out _) == bytes.Length
                && BinaryPrimitives.ReadUInt64LittleEndian(bytes) is >= KernelHalf and < ulong.MaxValue - 4096 and var pointer
                && _pointers.Count < MostPointers)
            {
                _pointers.Add(pointer);
            }
        }

        _dump.Record = [];
        _places.Add(line, places);
    }
}
