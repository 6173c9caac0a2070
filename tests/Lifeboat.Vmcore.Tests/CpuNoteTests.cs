using System.Buffers.Binary;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Vmcore.Tests;

public sealed class CpuNoteTests : IDisposable
{
    private const int Size = 336;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_cpus_note_is_read_in_its_order_and_nothing_else()
    {
        byte[] file = new ElfWriter()
            .AddNote("CORE", 1, Status(7)).AddNote("VMCOREINFO", 0, "OSRELEASE=6.1\n"u8).AddNote("CORE", 1, new byte[35])
            .AddNote("QEMU", 1, Status(8)).AddNote("CORE", 3, Status(9)).AddNote("CORE", 1, Status(0))
            .AddSegment(0, new byte[4096]).ToArray();
        using var dump = DumpSource.Open(_folder.Write("dump", file));
        IReadOnlyList<CpuNote> notes = CpuNote.Read(dump);
        Assert.Equal([(0, 7), (1, 0)], notes.Select(note => (note.Index, note.ProcessId)));
        Assert.Equal(Status(7), notes[0].Content.ToArray());
    }

    [Fact]
    public void A_dump_without_notes_has_none()
    {
        using var dump = DumpSource.Open(_folder.Write("dump", new ElfWriter().AddSegment(0, new byte[4096]).ToArray()));
        Assert.Empty(CpuNote.Read(dump));
    }

    private static byte[] Status(int process)
    {
        byte[] status = new byte[Size];
        BinaryPrimitives.WriteInt32LittleEndian(status.AsSpan(32), process);
        return status;
    }
}
