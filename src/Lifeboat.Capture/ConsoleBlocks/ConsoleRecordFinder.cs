using Lifeboat.Core.IO;

namespace Lifeboat.Capture.ConsoleBlocks;

/// <summary>Finds records in the lines of a console's log, whole ones and those that something broke into.</summary>
/// <remarks>
/// <code>
/// [    7.1] LB~XgyRqgAAAAE...72 characters             whole, whatever stands around it
/// LB~XgyRqgA[    7.2] usb 1-1: new device              broken: the kernel wrote a line in between
/// AAAE...                                              and this is the rest
/// </code>
/// A broken one is put together by trying where it broke; its checksum says when that is right.
/// </remarks>
/// <param name="limits">How much is tried.</param>
/// <param name="found">Takes the records, with the number of the line they end in.</param>
internal sealed class ConsoleRecordFinder(ConsoleBlockLimits limits, Action<ConsoleRecord, long> found)
{
    // Lines that the kernel writes before it lets the rest through.
    private const int MaxLinesBetween = 8;

    private readonly List<byte[]> _broken = [];
    private readonly List<long> _brokenLines = [];
    private long _line;
    private int _repairs;

    /// <summary>Lines that were damaged and could not be put together.</summary>
    internal long Damaged { get; private set; }

    /// <summary>Takes the next line; its bytes are changed.</summary>
    internal void Take(Span<byte> bytes)
    {
        _line++;
        Span<byte> line = ConsoleLineCleaner.Clean(bytes);
        Forget();
        if (_broken.Count > 0)
        {
            Repair(line);
        }

        ReadOnlySpan<byte> start = "LB~"u8;
        for (int at; (at = line.IndexOf(start)) >= 0; line = line[(at + start.Length)..])
        {
            ReadOnlySpan<byte> rest = line[(at + start.Length)..];
            int run = RunLength(rest);
            if (run == ConsoleBlockFormat.RecordCharacters
                && ConsoleRecord.TryParse(rest[..run], out ConsoleRecord record))
            {
                found(record, _line);
            }
            else if (_repairs < limits.MaxRepairs)
            {
                _repairs++;
                _broken.Add(rest[..run].ToArray());
                _brokenLines.Add(_line);
            }
            else
            {
                Damaged++;
            }
        }
    }

    /// <summary>The log has ended.</summary>
    internal void Finish()
    {
        Damaged += _broken.Count;
        _broken.Clear();
        _brokenLines.Clear();
    }

    private static bool IsCharacter(byte octet) => UnpaddedBase64.ValueOf(octet, isUrl: true) >= 0;

    // Characters of base64url from the start, at most as many as a record has.
    private static int RunLength(ReadOnlySpan<byte> text)
    {
        int run = 0;
        while (run < text.Length && run < ConsoleBlockFormat.RecordCharacters && IsCharacter(text[run]))
        {
            run++;
        }

        return run;
    }

    private void Forget()
    {
        int old = 0;
        while (old < _brokenLines.Count && _line - _brokenLines[old] > MaxLinesBetween)
        {
            old++;
        }

        Damaged += old;
        _broken.RemoveRange(0, old);
        _brokenLines.RemoveRange(0, old);
    }

    // The rest of a record is what a line ends in.
    private void Repair(ReadOnlySpan<byte> line)
    {
        int run = 0;
        while (run < line.Length && run < ConsoleBlockFormat.RecordCharacters && IsCharacter(line[line.Length - 1 - run]))
        {
            run++;
        }

        // A record of its own is nobody's rest.
        bool isRest = run > 0 && !line[..^run].EndsWith("LB~"u8);
        for (int i = _broken.Count - 1; i >= 0 && isRest; i--)
        {
            if (TryJoin(_broken[i], line[^run..], out ConsoleRecord record))
            {
                found(record, _line);
                _broken.RemoveAt(i);
                _brokenLines.RemoveAt(i);
                return;
            }
        }
    }

    private static bool TryJoin(ReadOnlySpan<byte> first, ReadOnlySpan<byte> last, out ConsoleRecord record)
    {
        Span<byte> whole = stackalloc byte[ConsoleBlockFormat.RecordCharacters];
        for (int taken = Math.Min(first.Length, whole.Length - 1); taken >= whole.Length - last.Length && taken >= 0; taken--)
        {
            first[..taken].CopyTo(whole);
            last[^(whole.Length - taken)..].CopyTo(whole[taken..]);
            if (ConsoleRecord.TryParse(whole, out record))
            {
                return true;
            }
        }

        record = default;
        return false;
    }
}
