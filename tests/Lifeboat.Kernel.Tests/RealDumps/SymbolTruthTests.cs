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
        foreach ((string path, TruthFiles truth) in Dumps())
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

            output.WriteLine($"{Path.GetFileName(path)}: {expected.Length} symbols of the image compared, none differs");
        }
    }

    [Fact]
    public void Every_symbol_of_every_module_is_what_the_kernel_said()
    {
        foreach ((string path, TruthFiles truth) in Dumps())
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
                    Assert.True(symbols.TryGet(i, out KernelSymbol? symbol), $"{Path.GetFileName(path)}: {module} {i}");
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
            output.WriteLine($"{Path.GetFileName(path)}: {expected.Length} symbols of modules compared, none differs; {others.Length} are made by the kernel");
        }
    }

    [Fact]
    public void Modules_have_the_sizes_places_and_users_that_the_kernel_said()
    {
        foreach ((string path, TruthFiles truth) in Dumps())
        {
            using var dump = CrashDump.Open(path);

            // name size users those,who,use,it, state address; then taints.
            IReadOnlyList<string> expected = truth.Lines("modules");
            string[] found = [.. dump.Kernel.Modules.Select(module => string.Join(
                ' ',
                module.Name,
                module.Size?.Value.ToString(CultureInfo.InvariantCulture),
                module.References?.ToString(CultureInfo.InvariantCulture),
                Users(module),
                module.Object["state"].Unsigned is 0 ? "Live" : "not live",
                $"0x{module.Text?.Value:x16}"))];
            Assert.All(dump.Kernel.Modules, module => Assert.Equal(0UL, module.Taints));
            Assert.Equal(expected, found);
            output.WriteLine($"{Path.GetFileName(path)}: {expected.Count} modules compared, none differs");
            Assert.NotEmpty(expected);
        }
    }

    private static IReadOnlyList<(string Dump, TruthFiles Truth)> Dumps() =>
        TruthFiles.Require([.. TestDumps.Find(".elf"), .. TestDumps.Find(".filtered")]);

    private static string Users(KernelModule module)
    {
        bool isPermanent = module.Object["init"].Unsigned is not 0 && module.Object["exit"].Unsigned is 0;
        string users = string.Concat(module.Users.Select(name => name + ",")) + (isPermanent ? "[permanent]," : "");
        return users.Length > 0 ? users : "-";
    }

    private static string Line(KernelSymbol symbol) => $"{symbol.Address.Value:x16} {symbol.Type} {symbol.Name}";
}
