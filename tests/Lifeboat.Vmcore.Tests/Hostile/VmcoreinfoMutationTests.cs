using System.Text;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Vmcore.Pages;
using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Hostile;

public sealed class VmcoreinfoMutationTests
{
    private const int InfoRoom = 512;

    // A text that claims a million sections has each looked for.
    private const long MostReads = 1 << 23;

    private const int DumpEvery = 32;
    private const int FilterEvery = 17 * DumpEvery;

    [Fact]
    public void A_hundred_thousand_damaged_texts_end_in_page_classes_or_a_notice()
    {
        FakePages[] kernels = [.. HostileSamples.Kernels()];
        string[][] lines = [.. kernels.Select(static kernel => Encoding.ASCII.GetString(kernel.Kernel.InfoBytes).TrimEnd('\n').Split('\n'))];
        byte[][] files = [.. kernels.Select(static kernel => HostileSamples.ElfOfKernel(kernel, InfoRoom).File)];
        byte[][] memories = [.. kernels.Select(static kernel => kernel.Kernel.Memory.ToArray())];
        for (int seed = 0; seed < MutationRun.Count; seed++)
        {
            // The last one's free lists take long to follow: it comes less often.
            int which = seed % (kernels.Length - (seed % 4 == 0 ? 0 : 1));
            byte[] text = Encoding.UTF8.GetBytes(InfoDamage.Apply(lines[which], seed));
            try
            {
                Classify(new ArrayMemory(memories[which]), text, (DumpLevel)(seed % 7 == 0 ? seed & 31 : 31));
                if (seed % DumpEvery == 0)
                {
                    UseInDump(files[which], text, seed);
                }
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"kernel {which}, seed {seed}: {e.Message}\n{Encoding.UTF8.GetString(text)}", e);
            }
        }
    }

    /// <summary>Some pages of the beginning, the middle and the end; calls go upwards.</summary>
    private static void Classify(ArrayMemory memory, byte[] text, DumpLevel level)
    {
        var notices = new List<Diagnostic>();
        using var classifier = PageClassifier.Create(memory, Vmcoreinfo.Parse(text), level, notices);
        Span<PageClass> classes = stackalloc PageClass[96];
        foreach (ulong start in (ReadOnlySpan<ulong>)[0, 0x400, 0xfff, 0x1fc0])
        {
            classifier.Classify(start, classes);
        }

        Assert.All(notices, static notice => Assert.NotEmpty(notice.What));
    }

    private static void UseInDump(byte[] file, byte[] text, int seed)
    {
        int start = file.AsSpan().IndexOf("VMCOREINFO"u8) + 12;
        int room = BitConverter.ToInt32(file, start - 20);
        Span<byte> note = file.AsSpan(start, room);
        byte[] before = note.ToArray();
        note.Clear();
        text.AsSpan(0, Math.Min(text.Length, room)).CopyTo(note);
        Assert.True(DumpProbe.Survives(() => DumpProbe.Open(file, file.Length, MostReads), seed % FilterEvery == 0 ? seed / FilterEvery : null));
        using (DumpSource dump = DumpProbe.Open(file))
        {
            _ = KernelMappings.Find(dump);
        }

        before.CopyTo(note);
    }
}
