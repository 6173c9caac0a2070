using System.Globalization;
using Lifeboat.Capture.ConsoleBlocks;
using Lifeboat.Core.Memory;
using Lifeboat.Drill.Crashes;
using Lifeboat.Kexec.Loading;

namespace Lifeboat.Drill.Guests;

/// <summary>Watches one guest from its start to its end, and turns its console into milestones or a failure.</summary>
/// <param name="logbook">Takes the milestones.</param>
/// <param name="options">The drill.</param>
/// <param name="debuggerSocket">QEMU's debugger port, for the fault that needs it.</param>
internal sealed class GuestRun(DrillLogbook logbook, DrillOptions options, string? debuggerSocket)
{
    /// <summary>Lines of the console that a failure shows.</summary>
    public const int TailLength = 30;

    // The one place that "-smp N,maxcpus=N+1" leaves free is the last of the sockets.
    private string AddCpuCommand => $"device_add max-x86_64-cpu,id=added,socket-id={options.Cpus},core-id=0,thread-id=0";

    private readonly List<string> _console = [];
    private string? _captureFailure;
    private string? _refusal;
    private bool _ending;

    /// <summary>Everything the console said so far.</summary>
    public IReadOnlyList<string> Console => _console;

    /// <summary>Watches a guest until it has ended.</summary>
    /// <param name="guest">The guest; it is gone when this returns.</param>
    /// <param name="cancellation">Ends the guest.</param>
    /// <exception cref="DrillStageException">A stage was not reached.</exception>
    public void Watch(GuestMachine guest, CancellationToken cancellation)
    {
        using (guest)
        {
            TimeSpan lastSign = guest.Elapsed;
            while (true)
            {
                TimeSpan patience = lastSign + options.StageDeadline - guest.Elapsed;
                if (!guest.TryReadLine(out ConsoleLine? line, patience, cancellation))
                {
                    throw Failure(_refusal is null
                        ? $"nothing was heard of it for {options.StageDeadline.TotalSeconds:0} s"
                        : $"{_refusal}; the machine did not reset within {options.StageDeadline.TotalSeconds:0} s");
                }

                if (line is null)
                {
                    Ended(guest);
                    return;
                }

                _console.Add(line.Text);
                ConsoleSign sign = ConsoleSign.Read(line.Text, panicExpected: logbook.Next == DrillStage.Panic);
                if (sign.Kind != ConsoleSignKind.None)
                {
                    lastSign = guest.Elapsed;
                    Take(sign, guest);
                }
            }
        }
    }

    private void Take(ConsoleSign sign, GuestMachine guest)
    {
        switch (sign.Kind)
        {
            // Only the stage that comes next counts: a capture goes on after a tier has failed, and what it saves then does
            // not make up for that.
            case ConsoleSignKind.Reached when sign.Stage == logbook.Next:
                logbook.Reached(sign.Stage, sign.Text);
                break;
            // A kernel that panics in an NMI does not get to print it.
            case ConsoleSignKind.Reached when sign.Stage == DrillStage.Purgatory && logbook.Next == DrillStage.Panic:
                logbook.Reached(DrillStage.Panic, "without a word on the console");
                logbook.Reached(sign.Stage, sign.Text);
                break;
            // The kernel's own purgatory says nothing.
            case ConsoleSignKind.Reached when sign.Stage == DrillStage.CaptureUp && logbook.Next == DrillStage.Purgatory
                && options.Call == KexecCall.KexecFileLoad:
                logbook.Reached(DrillStage.Purgatory, "the kernel's own, without a word");
                logbook.Reached(sign.Stage, sign.Text);
                break;
            case ConsoleSignKind.Failed when sign.Stage == DrillStage.Purgatory:
                _refusal = sign.Text;
                break;
            case ConsoleSignKind.Failed:
                throw Failure(sign.Text);
            case ConsoleSignKind.CaptureFailed:
                _captureFailure ??= sign.Text;
                break;
            case ConsoleSignKind.Waiting:
                ActOn(sign.Text);
                guest.TypeLine("go");
                break;
            case ConsoleSignKind.Ending:
                _ending = true;
                break;
        }
    }

    private void Ended(GuestMachine guest)
    {
        if (_refusal is not null)
        {
            throw Failure($"{_refusal}; the machine was reset");
        }

        if (_captureFailure is not null)
        {
            throw Failure($"the capture said: {_captureFailure}");
        }

        if (!_ending || logbook.Next != DrillStage.FinalAction)
        {
            string qemu = guest.QemuMessages();
            throw Failure(qemu.Length > 0 ? $"QEMU ended: {qemu}" : "the guest reset or powered off before it");
        }

        logbook.Reached(DrillStage.FinalAction);
    }

    /// <summary>The last lines that a person can read.</summary>
    public static IReadOnlyList<string> Tail(IReadOnlyList<string> console) =>
        [.. console.Where(line => !ConsoleBlockReader.IsRecord(line)).TakeLast(TailLength)];

    // What the guest waits for: a segment that changes, an interrupt that crashes it, or both.
    private void ActOn(string segments)
    {
        PhysicalAddress? ramdisk = options.Fault == DrillFault.CorruptSegment ? FindRamdisk(segments) : null;
        string? command = CrashPlan.Of(options.Crash).MonitorCommand;
        if (debuggerSocket is null || (command is null && ramdisk is null && !options.AddCpu))
        {
            throw Failure($"the guest waits for a change that cannot be made: {segments}");
        }

        using DebuggerPort port = DebuggerPort.Open(debuggerSocket);
        if (ramdisk is { } target)
        {
            // One bit in the middle of the ramdisk: any segment would do, and this one is named in the message.
            port.WriteByte(target, (byte)(port.ReadByte(target) ^ 0x10));
            logbook.Note($"changed a bit of the loaded ramdisk at {target}");
        }

        if (options.AddCpu)
        {
            port.Monitor(AddCpuCommand);
            logbook.Note($"told QEMU: {AddCpuCommand}");
        }

        if (command is not null)
        {
            port.Monitor(command);
            logbook.Note($"told QEMU: {command}");
        }
    }

    // The middle of the segment that a guest names as "ramdisk@START+LENGTH"; null when the line does not say it.
    private static PhysicalAddress? FindRamdisk(string segments)
    {
        const string Name = "ramdisk@";
        string ramdisk = segments.Split(' ').FirstOrDefault(
            segment => segment.StartsWith(Name, StringComparison.Ordinal)) ?? Name;
        string[] numbers = ramdisk[Name.Length..].Split('+');
        return numbers.Length == 2
            && TryParseHex(numbers[0], out ulong start)
            && TryParseHex(numbers[1], out ulong length)
            && start <= ulong.MaxValue - length
            ? new PhysicalAddress(start + (length / 2))
            : null;
    }

    private static bool TryParseHex(string text, out ulong value) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);

    private DrillStageException Failure(string what) => new(new DrillFailure
    {
        Stage = logbook.Next,
        What = what,
        Hint = FailureHint.Find(_console.Append(what)),
        ConsoleTail = Tail(_console),
    });
}
