using System.Globalization;
using System.Text;
using Lifeboat.Core.Memory;
using Lifeboat.Symbols.Types;
using Lifeboat.TestSupport;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Symbols.Tests.RealDumps;

public sealed class TypeOracleTests(ITestOutputHelper output)
{
    // For every structure that is asked for by name: its size, and every named member with its place, those of unnamed
    // members too. A name may be of several structures: all are told.
    private const string Script = """
        import sys
        from drgn import Program, TypeKind, Qualifiers
        prog = Program()
        prog.set_core_dump(sys.argv[1])
        try:
            prog.load_debug_info([sys.argv[2]])
        except Exception:
            pass
        def walk(type, base, out):
            for member in type.members:
                place = base + member.bit_offset
                if member.name is None:
                    inner = member.type
                    while inner.kind == TypeKind.TYPEDEF:
                        inner = inner.type
                    if inner.kind in (TypeKind.STRUCT, TypeKind.UNION):
                        walk(inner, place, out)
                else:
                    out.append('%s:%d:%d' % (member.name, place, member.bit_field_size or 0))
        for line in open(sys.argv[3]):
            kind, name = line.split()
            try:
                type = prog.type(kind + ' ' + name)
            except LookupError:
                continue
            if not type.is_complete():
                continue
            out = []
            walk(type, 0, out)
            print(kind, name, type.size, ' '.join(out))
        """;

    [Fact]
    public void Structures_are_laid_out_as_drgn_reads_them_from_dwarf()
    {
        Tools.Require(Tools.Drgn);
        using var kernel = RealKernel.OpenWithDebugInfo();
        using var folder = new TemporaryFolder();
        Btf types = Btf.Open(kernel.Space, kernel.Symbols);
        var byName = new Dictionary<string, List<BtfType>>(StringComparer.Ordinal);
        for (int id = 1; id < types.TypeCount; id++)
        {
            BtfType type = types.TypeById(id);
            if (type.IsStructure && type.Name.Length > 0)
            {
                string key = (type.Kind == BtfKind.Struct ? "struct " : "union ") + type.Name;
                (byName.GetValueOrDefault(key) ?? (byName[key] = [])).Add(type);
            }
        }

        Assert.InRange(byName.Count, 5_000, 100_000);
        string list = folder.Combine("names");
        File.WriteAllLines(list, byName.Keys);
        string answer = Tools.Run("/usr/bin/python3", "-c", Script, kernel.Path, kernel.Vmlinux!, list);
        (int compared, int members) = (0, 0);
        foreach (string line in answer.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = line.Split(' ', 4);
            string key = $"{words[0]} {words[1]}";
            Assert.Contains($"{words[2]} {words[3]}", byName[key].Select(type => Describe(types, type)));
            compared++;
            members += words[3].Count(letter => letter == ' ') + 1;
        }

        output.WriteLine($"{compared} structures and unions with {members} members compared, none differs");
        Assert.InRange(compared, 5_000, 100_000);
    }

    [Fact]
    public void What_vmcoreinfo_exports_of_layouts_is_what_btf_says()
    {
        foreach (RealKernel kernel in RealKernel.OpenAll())
        {
            var layouts = (BtfLayouts)BtfLayouts.Open(kernel.Dump)!;
            int compared = 0;
            foreach (string line in kernel.Dump.Vmcoreinfo.Text.Split('\n'))
            {
                int open = line.IndexOf('(', StringComparison.Ordinal);
                int close = line.IndexOf(")=", StringComparison.Ordinal);
                if (open < 0 || close < 0
                    || !long.TryParse(line.AsSpan(close + 2), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
                {
                    continue;
                }

                string name = line[(open + 1)..close];
                int dot = name.IndexOf('.', StringComparison.Ordinal);
                switch (line[..open])
                {
                    case "OFFSET":
                        Assert.True(layouts.TryGetOffset(name[..dot], name[(dot + 1)..], out int bytes), name);
                        Assert.Equal((name, value), (name, bytes));
                        compared++;
                        break;
                    case "SIZE" when name != "mem_section_ptr":
                        Assert.True(layouts.TryGetSize(name, out bytes), name);
                        Assert.Equal((name, value), (name, bytes));
                        compared++;
                        break;
                    case "NUMBER" when name.StartsWith("PG_", StringComparison.Ordinal) && name != "PG_head_mask":
                        Assert.True(layouts.TryGetEnumerator(name, out long number), name);
                        Assert.Equal((name, value), (name, number));
                        compared++;
                        break;
                }
            }

            Assert.InRange(compared, 40, 200);
        }
    }

    [Fact]
    public void Every_type_of_a_kernel_can_be_walked()
    {
        foreach (RealKernel kernel in RealKernel.OpenAll())
        {
            Btf types = Btf.Open(kernel.Space, kernel.Symbols);
            int sized = 0;
            int signatures = 0;
            for (int id = 0; id < types.TypeCount; id++)
            {
                BtfType type = types.TypeById(id);
                Assert.NotNull(types.Resolve(id));
                sized += types.TryGetSize(id, out _) ? 1 : 0;
                foreach (BtfMember member in type.Members)
                {
                    Assert.InRange(member.ByteOffset, 0, (long)type.Size.Value);
                }

                foreach (BtfParameter parameter in type.Parameters)
                {
                    Assert.InRange(parameter.TypeId, 0, types.TypeCount - 1);
                    signatures++;
                }
            }

            Assert.InRange(sized, 10_000, 1_000_000);
            Assert.InRange(signatures, 10_000, 1_000_000);
            Assert.True(types.TryFind("vfs_read", BtfKind.Function, out BtfType? read));
            BtfType prototype = types.TypeById(read.TargetId);
            Assert.Equal(["file", "buf", "count", "pos"], prototype.Parameters.Select(parameter => parameter.Name));
            Assert.True(types.TryFind("task_struct", BtfKind.Struct, out BtfType? task));
            Assert.True(types.TryFindMember(task, "se.run_node.rb_left", out BtfMember? left));
            Assert.Equal(0, left.BitOffset % 64);
            Assert.True(types.TryFindMember(task, "comm", out BtfMember? comm));
            Assert.True(types.TryGetSize(comm.TypeId, out ByteCount size));
            Assert.Equal(16UL, size.Value);
        }
    }

    private static string Describe(Btf types, BtfType type)
    {
        var text = new StringBuilder();
        Walk(types, type, 0, text);
        return $"{type.Size.Value} {text.ToString().TrimEnd()}";
    }

    private static void Walk(Btf types, BtfType type, long start, StringBuilder text)
    {
        foreach (BtfMember member in type.Members)
        {
            if (member.Name.Length > 0)
            {
                _ = text.Append(CultureInfo.InvariantCulture, $"{member.Name}:{start + member.BitOffset}:{member.BitSize} ");
            }
            else if (types.Resolve(member.TypeId) is { IsStructure: true } inner)
            {
                Walk(types, inner, start + member.BitOffset, text);
            }
        }
    }
}
