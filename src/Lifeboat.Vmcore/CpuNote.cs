using System.Buffers.Binary;
using Lifeboat.Vmcore.Elf;

namespace Lifeboat.Vmcore;

/// <summary>What a CPU left of itself when the kernel crashed (NT_PRSTATUS, struct elf_prstatus).</summary>
/// <param name="Index">
/// Its place among the notes: the CPU's number, unless a CPU with a lower one left none.
/// </param>
/// <param name="ProcessId">
/// The process that ran on it, 0 for its idle task, where the kernel wrote the note; QEMU writes the CPU's number and 1.
/// </param>
/// <param name="Content">The whole structure.</param>
public sealed record CpuNote(int Index, int ProcessId, ReadOnlyMemory<byte> Content)
{
    private const int ProcessIdOffset = 32; // offsetof(struct elf_prstatus, pr_pid)

    /// <summary>The notes of all CPUs, as they stand in the dump; may be empty.</summary>
    public static IReadOnlyList<CpuNote> Read(DumpSource dump)
    {
        ArgumentNullException.ThrowIfNull(dump);
        var notes = new List<CpuNote>();
        var walk = new ElfNotes(dump.Notes.Span);
        while (walk.MoveNext())
        {
            if (walk.Type == ElfNotes.TypeProcessStatus && walk.Name.SequenceEqual("CORE"u8)
                && walk.Content.Length >= ProcessIdOffset + sizeof(int))
            {
                int process = BinaryPrimitives.ReadInt32LittleEndian(walk.Content[ProcessIdOffset..]);
                notes.Add(new CpuNote(
                    notes.Count, process, dump.Notes.Slice(walk.ContentOffset, walk.Content.Length)));
            }
        }

        return notes;
    }
}
