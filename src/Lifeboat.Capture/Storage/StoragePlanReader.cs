using System.Globalization;
using Lifeboat.Capture.Network;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Storage;

/// <summary>Reads the text of plans strictly: every line is known, in its place and in its limits.</summary>
internal sealed class StoragePlanReader(string fileName)
{
    private const int MostText = 256 << 10;
    private const int MostPlans = 64;

    private readonly List<StoragePlan> _plans = [];
    private List<StorageStep> _steps = [];
    private List<StorageMember> _members = [];
    private List<string> _arguments = [];
    private string? _target;
    private string? _step;
    private string? _host;
    private string? _key;
    private string? _program;
    private int _line;

    internal IReadOnlyList<StoragePlan> Read(string text)
    {
        if (text.Length > MostText)
        {
            throw Bad($"{text.Length} characters", $"at most {MostText}");
        }

        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            _line++;
            if (!line.IsEmpty)
            {
                int blank = line.IndexOf(' ');
                ReadLine(line.ToString(), line[..Math.Max(blank, 0)], line[(blank + 1)..].ToString());
            }
        }

        EndPlan();
        return _plans;
    }

    private void ReadLine(string line, ReadOnlySpan<char> directive, string value)
    {
        switch (directive)
        {
            case "target":
                EndPlan();
                _target = value;
                break;
            case "step" when _target is not null:
                EndStep();
                _step = value;
                break;
            case "member" when _step is not null && _program is null:
                string[] words = value.Split(' ', 3);
                _members.Add(words.Length == 3 && words[1].Length > 0 && words[2].Length > 0
                    && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is > 0 and <= StoragePlan.MostParts
                    ? new StorageMember(words[1], words[2], count)
                    : throw Bad(line, "member COUNT KIND VALUE"));
                break;
            case "host" when _step is not null && _host is null && _program is null:
                _host = IPBytes.TryParse(value, out _) ? value : throw Bad(line, "host ADDRESS");
                break;
            case "key" when _step is not null && _key is null && _program is null:
                _key = value;
                break;
            case "program" when _step is not null && _program is null && value.StartsWith('/'):
                _program = value;
                break;
            case "argument" when _program is not null:
                _arguments.Add(value);
                break;
            default:
                throw Bad(line, "target, and for each step: step, member, host, key, program (an absolute path), argument");
        }

        if (_steps.Count >= StoragePlan.MostParts || _members.Count > StoragePlan.MostParts || _arguments.Count > StoragePlan.MostParts)
        {
            throw Bad(line, $"at most {StoragePlan.MostParts} steps of a plan, members and arguments of a step");
        }
    }

    private void EndStep()
    {
        if (_step is not null)
        {
            _steps.Add(new StorageStep(_step, _members, _program ?? throw Bad($"the step {_step}", "a program for it"), _arguments)
            {
                Host = _host,
                Key = _key,
            });
        }

        (_step, _host, _key, _program, _members, _arguments) = (null, null, null, null, [], []);
    }

    private void EndPlan()
    {
        EndStep();
        if (_target is not null)
        {
            _plans.Add(_plans.Count < MostPlans ? new StoragePlan(_target, _steps) : throw Bad($"the target {_target}", $"at most {MostPlans} targets"));
        }

        (_target, _steps) = (null, []);
    }

    private DiagnosticException Bad(string found, string expected) =>
        new(new Diagnostic(CaptureDiagnostics.BadStoragePlan, "The plan of a target's storage is not understood")
        {
            Where = $"{fileName}:{_line}",
            Found = found,
            Expected = expected,
            Remedy = "Build the ramdisk again",
        });
}
