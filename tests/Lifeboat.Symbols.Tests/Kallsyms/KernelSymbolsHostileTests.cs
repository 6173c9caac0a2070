using System.Globalization;
using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Symbols.Tests.TestSupport;
using static Lifeboat.Symbols.Tests.TestSupport.KallsymsWriter;

namespace Lifeboat.Symbols.Tests.Kallsyms;

public sealed class KernelSymbolsHostileTests
{
    private const int Rounds = 20_000;
    private const long MostAllocated = 4 << 20;

    private static readonly DumpLimits Limits = new()
    {
        MaxKernelSymbols = 10_000,
        MaxSymbolTableBytes = 1 << 18,
        MaxSymbolSearchBytes = 1 << 17,
        MaxSymbolNameLength = 512,
    };

    [Theory]
    [InlineData(0u)]
    [InlineData(0xffff_ffffu)]
    [InlineData(10_001u)]
    public void Rejects_a_number_of_symbols_that_cannot_be(uint count)
    {
        var writer = new KallsymsWriter();
        byte[] image = writer.Write(KernelSymbolsTests.Many(600), Form.Relative);
        int place = (int)(writer.Places["kallsyms_num_syms"] - Base);
        Assert.True(BitConverter.TryWriteBytes(image.AsSpan(place), count));
        ImageMemory memory = writer.ToMemory(image);
        DumpFormatException error = Assert.Throws<DumpFormatException>(
            () => KernelSymbols.Open(memory.Space, memory.Vmcoreinfo, Limits));
        Assert.Equal(SymbolsDiagnosticIds.BeyondLimit, error.Diagnostics[0].Id);
    }

    [Fact]
    public void Rejects_strings_that_do_not_end()
    {
        var writer = new KallsymsWriter();
        byte[] image = writer.Write(KernelSymbolsTests.Many(600), Form.Relative);
        int place = (int)(writer.Places["kallsyms_token_table"] - Base);
        image.AsSpan(place, (int)(writer.Places["kallsyms_token_index"] - Base) - place).Fill((byte)'x');
        ImageMemory memory = writer.ToMemory(image);
        DumpFormatException error = Assert.Throws<DumpFormatException>(
            () => KernelSymbols.Open(memory.Space, memory.Vmcoreinfo, Limits));
        Assert.Equal(SymbolsDiagnosticIds.DamagedSymbols, error.Diagnostics[0].Id);
    }

    [Fact]
    public void Survives_damage_anywhere()
    {
        var writer = new KallsymsWriter();
        byte[] image = writer.Write(KernelSymbolsTests.Many(600), Form.PerCpuAbsolute);
        int opened = 0;
        for (int seed = 0; seed < Rounds; seed++)
        {
            ImageMemory memory = writer.ToMemory(Damage.Bytes(image, seed, 4096));
            if (seed % 3 == 0)
            {
                // The keys are the dump's too.
                string[] keys = [.. writer.Places.Keys];
                string key = $"SYMBOL({keys[seed / 3 % keys.Length]})";
                ulong value = unchecked(Base + (ulong)new Random(seed).NextInt64(-100_000, 100_000));
                memory.Info[key] = value.ToString("x", CultureInfo.InvariantCulture);
            }
            else if (seed % 3 == 1 && seed % 8 == 1)
            {
                _ = memory.Info.Remove("SYMBOL(kallsyms_names)");
            }

            long before = GC.GetAllocatedBytesForCurrentThread();
            opened += Use(memory, seed) ? 1 : 0;
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostAllocated);
        }

        Assert.InRange(opened, Rounds / 4, Rounds);
    }

    [Fact]
    public void A_search_of_an_image_full_of_digits_ends()
    {
        byte[] image = new byte[1 << 17];
        for (int i = 0; i < image.Length; i++)
        {
            image[i] = (byte)(i % 2 == 1 ? 0 : '0' + (i / 2 % 10));
        }

        var memory = new ImageMemory(image);
        _ = Assert.Throws<DumpFormatException>(() => KernelSymbols.Open(memory.Space, memory.Vmcoreinfo, Limits));
    }

    private static bool Use(ImageMemory memory, int seed)
    {
        try
        {
            var table = KernelSymbols.Open(memory.Space, memory.Vmcoreinfo, Limits);
            var random = new Random(seed);
            for (int i = 0; i < 4; i++)
            {
                _ = table.TryGet(random.Next(table.Count), out _);
                _ = table.TryFind(new VirtualAddress(Base + (ulong)random.Next(40_000)), out _, out _);
            }

            _ = table.TryFind("task_3_init", out _);
            _ = table.TryFindAddress("none", out _);
            _ = table.FindAll("task_7_init_lock");
            _ = table.TryFind("task_8_init", out _);
            return true;
        }
        catch (DumpFormatException e)
        {
            Assert.NotEmpty(e.Diagnostics);
            return false;
        }
    }
}
