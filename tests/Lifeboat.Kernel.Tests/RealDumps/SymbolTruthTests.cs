using System.Globalization;
using Lifeboat.Kernel.Modules;
using Lifeboat.Symbols;
using Lifeboat.TestSupport;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Kernel.Tests.RealDumps;

/// <summary>Symbols as /proc/kallsyms of the guest itself told them.</summary>
public sealed class SymbolTruthTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_symbol_of_the_image_is_what_the_kernel_said_in_its_order()
    {
        foreach ((string path, TruthFiles truth) in TruthFiles.Require(TestDumps.Find(".elf")))
        {
            using var dump = CrashDump.Open(path);
            KernelSymbols symbols = dump.Kernel.Symbols;
            string[] expected = [.. truth.Lines("kallsyms").Where(line => !line.EndsWith(']'))];
            Assert.Equal(expected.Length, symbols.Count);
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.True(symbols.TryGet(i, out KernelSymbol? symbol), expected[i]);
                Assert.Equal(expected[i], Line(symbol));
            }

            output.WriteLine($"{truth.Release}: {expected.Length} symbols of the image compared, none differs");
        }
    }

    [Fact]
    public void Every_symbol_of_every_module_is_what_the_kernel_said()
    {
        foreach ((string path, TruthFiles truth) in TruthFiles.Require(TestDumps.Find(".elf")))
        {
            using var dump = CrashDump.Open(path);
            string[] expected = [.. truth.Lines("kallsyms").Where(line => line.EndsWith(']'))];
            var found = new List<string>();
            foreach (KernelModule module in dump.Kernel.Modules)
            {
                ModuleSymbols symbols = module.Symbols!;
                for (int i = 0; i < symbols.Count; i++)
                {
                    // As the kernel's own list, without those that have no name.
                    Assert.True(symbols.TryGet(i, out KernelSymbol? symbol), $"{truth.Release}: {module} {i}");
                    if (symbol.Name.Length > 0)
                    {
                        found.Add($"{Line(symbol)}\t[{module.Name}]");
                    }
                }
            }

            // What is no module's own: trampolines that the kernel made, and code of BPF.
            string[] others = [.. expected.Where(line => line.EndsWith("[bpf]", StringComparison.Ordinal)
                || line.Contains("[__builtin__", StringComparison.Ordinal))];
            expected = [.. expected.Except(others)];
            Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
            output.WriteLine($"{truth.Release}: {expected.Length} symbols of modules compared, none differs; {others.Length} are made by the kernel");
        }
    }

    [Fact]
    public void Modules_have_the_sizes_places_and_users_that_the_kernel_said()
    {
        foreach ((string path, TruthFiles truth) in TruthFiles.Require(TestDumps.Find(".elf")))
        {
            using var dump = CrashDump.Open(path);

            // name size users those,who,use,it, state address; then taints.
            string[] expected = [.. truth.Rows("modules", headings: 0).Select(words => string.Join(
                ' ', words[0], words[1], words[2], words[5], words.Length > 6 ? words[6] : ""))];
            string[] found = [.. dump.Kernel.Modules.Select(module => string.Join(
                ' ',
                module.Name,
                module.Size?.Value.ToString(CultureInfo.InvariantCulture),
                module.References?.ToString(CultureInfo.InvariantCulture),
                $"0x{module.Text?.Value:x16}",
                Taints(module.Taints)))];
            Assert.Equal(expected, found);
            output.WriteLine($"{truth.Release}: {expected.Length} modules compared, none differs");
            Assert.NotEmpty(expected);
        }
    }

    private static string Taints(ulong? taints) => taints is 0 ? "" : $"{taints}";

    private static string Line(KernelSymbol symbol) => $"{symbol.Address.Value:x16} {symbol.Type} {symbol.Name}";
}
