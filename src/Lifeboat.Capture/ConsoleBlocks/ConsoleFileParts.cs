using System.Globalization;
using System.Text;
using Lifeboat.Core.Hashing;

namespace Lifeboat.Capture.ConsoleBlocks;

/// <summary>The pieces of one file of a block.</summary>
internal sealed class ConsoleFileParts(int number)
{
    private const int MaxNameLength = 64;

    private readonly List<byte[]> _pieces = [];
    private readonly List<int> _offsets = [];
    private string? _fields;
    private bool _isNameTaken;

    internal int Number => number;

    internal string Name => (_isNameTaken ? null : Clean(Field("name"))) ?? $"file-{number}";

    internal void Describe(string fields) => _fields ??= fields;

    /// <summary>Another file has that name.</summary>
    internal void Avoid(string name) => _isNameTaken |= name == Name;

    /// <summary>Keeps a piece in its place; one that lies over another is left aside.</summary>
    internal void Add(int offset, byte[] piece)
    {
        int at = _offsets.Count;
        while (at > 0 && _offsets[at - 1] > offset)
        {
            at--;
        }

        if ((at > 0 && _offsets[at - 1] + _pieces[at - 1].Length > offset)
            || (at < _offsets.Count && offset + piece.Length > _offsets[at]))
        {
            return;
        }

        _offsets.Insert(at, offset);
        _pieces.Insert(at, piece);
    }

    /// <summary>Puts the file together; what is missing is told.</summary>
    internal ConsoleBlockFile Build(List<string> lost)
    {
        var hash = new Sha256();
        using var content = new MemoryStream();
        int lostBefore = lost.Count;
        long? end = FieldNumber("to");
        long start = FieldNumber("from") is { } from && from <= end ? from : _offsets is [int first, ..] ? first : 0;
        long next = start;
        long found = 0;
        for (int i = 0; i < _pieces.Count; i++)
        {
            Gap(content, next, _offsets[i], lost);
            content.Write(_pieces[i]);
            hash.Append(_pieces[i]);
            found += _pieces[i].Length;
            next = _offsets[i] + (long)_pieces[i].Length;
        }

        Gap(content, next, end ?? next, lost);
        bool intact = end is not null && next == end && found == end - start
            && Convert.ToHexStringLower(hash.Finish()) == Field("sha256");
        if (_fields is null)
        {
            lost.Add($"the name and the size of {Name}");
        }
        else if (!intact && lost.Count == lostBefore)
        {
            lost.Add($"{Name} is not as it was sent: its SHA-256 is another");
        }

        return new ConsoleBlockFile
        {
            Name = Name,
            Content = content.ToArray(),
            OriginalBytes = FieldNumber("bytes"),
            SentBytes = end >= start ? end - start : null,
            FoundBytes = found,
            IsIntact = intact,
        };
    }

    // A name leads nowhere: no folders, nothing hidden, nothing that a terminal acts upon.
    private static string? Clean(string? name)
    {
        if (name is null or "" || name.Length > MaxNameLength || name[0] == '.')
        {
            return null;
        }

        foreach (char character in name)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('.' or '-' or '_'))
            {
                return null;
            }
        }

        return name;
    }

    private void Gap(MemoryStream content, long from, long to, List<string> lost)
    {
        if (to > from)
        {
            lost.Add($"bytes {from} to {to - 1} of {Name}");
            content.Write(Encoding.ASCII.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"\n[lifeboat: {to - from} bytes of {Name} were lost on the console]\n")));
        }
    }

    private string? Field(string name) => _fields is null ? null : ConsoleFields.Value(_fields, name);

    private long? FieldNumber(string name) => _fields is null ? null : ConsoleFields.Number(_fields, name);
}
