using System.Buffers.Binary;
using System.Text;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Symbols.Files;
using Lifeboat.Symbols.Tests.TestSupport;
using Lifeboat.Symbols.Types;
using Lifeboat.TestSupport;
using Lifeboat.Vmcore;

namespace Lifeboat.Symbols.Tests.Files;

public sealed class VmlinuxTests : IDisposable
{
    private static readonly byte[] BuildId = [0xab, 0xcd, 0xef, 0x01];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Symbols_and_types_are_those_of_the_file()
    {
        using Vmlinux vmlinux = Vmlinux.Open(_folder.Write("vmlinux", Write()), Info("abcdef01"));
        KernelSymbols symbols = vmlinux.ReadSymbols();
        Assert.Equal(["_stext", "runqueues", "schedule", "state"], Names(symbols));
        Assert.True(symbols.TryFind("schedule", out KernelSymbol? schedule));
        Assert.Equal(('T', 0xffff_ffff_9000_0100UL), (schedule.Type, schedule.Address.Value));
        Assert.True(symbols.TryFind("state", out KernelSymbol? state));
        Assert.Equal('d', state.Type);
        Assert.True(symbols.TryFindAddress("runqueues", out VirtualAddress queues));
        Assert.Equal(0x20340UL, queues.Value);
        Btf types = vmlinux.ReadTypes()!;
        Assert.True(types.TryFind("task_struct", BtfKind.Struct, out _));
    }

    [Fact]
    public void The_vmlinux_of_another_build_is_refused_with_both_ids()
    {
        string path = _folder.Write("vmlinux", Write());
        Diagnostic wrong = Assert.Throws<DumpFormatException>(() => Vmlinux.Open(path, Info("0123"))).Diagnostics[0];
        Assert.Equal(SymbolsDiagnosticIds.OtherKernel, wrong.Id);
        Assert.Equal("abcdef01", wrong.Found);
        Assert.StartsWith("0123, ", wrong.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dump_that_names_no_build_takes_no_vmlinux() => Assert.Equal(
        SymbolsDiagnosticIds.OtherKernel,
        Assert.Throws<DumpFormatException>(() => Vmlinux.Open(_folder.Write("vmlinux", Write()), Vmcoreinfo.Empty)).Diagnostics[0].Id);

    [Fact]
    public void A_file_that_is_no_ELF_is_refused() => Assert.Equal(
        SymbolsDiagnosticIds.DamagedFile,
        Assert.Throws<DumpFormatException>(() => Vmlinux.Open(_folder.Write("vmlinux", new byte[100]), Info("00"))).Diagnostics[0].Id);

    [Fact]
    public void A_stripped_one_has_no_symbols_and_says_so()
    {
        byte[] file = Write();
        Encoding.ASCII.GetBytes(".xymtab").CopyTo(file, file.AsSpan().IndexOf(".symtab"u8));
        using Vmlinux vmlinux = Vmlinux.Open(_folder.Write("vmlinux", file), Info("abcdef01"));
        Assert.Equal(SymbolsDiagnosticIds.NoSymbols, Assert.Throws<DumpFormatException>(vmlinux.ReadSymbols).Diagnostics[0].Id);
    }

    [Fact]
    public void Whatever_bytes_it_has_it_is_read_or_refused()
    {
        byte[] whole = Write();
        for (int seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            byte[] file = [.. whole];
            for (int i = random.Next(1, 8); i > 0; i--)
            {
                file[random.Next(file.Length)] = (byte)random.Next(256);
            }

            try
            {
                using Vmlinux vmlinux = Vmlinux.Open(_folder.Write("damaged", file), Info("abcdef01"));
                _ = vmlinux.ReadTypes();
                Assert.InRange(vmlinux.ReadSymbols().Count, 0, 8);
            }
            catch (DumpFormatException e)
            {
                Assert.NotEmpty(e.Diagnostics);
            }
        }
    }

    private static IEnumerable<string> Names(KernelSymbols symbols)
    {
        var names = new List<string>();
        for (int i = 0; i < symbols.Count; i++)
        {
            Assert.True(symbols.TryGet(i, out KernelSymbol? symbol));
            names.Add(symbol.Name);
        }

        return names.Order(StringComparer.Ordinal);
    }

    private static Vmcoreinfo Info(string buildId) => Vmcoreinfo.Parse(Encoding.ASCII.GetBytes(
        $"OSRELEASE=6.1.0-fake\nBUILD-ID={buildId}\nKERNELOFFSET=f000000\nSYMBOL(_stext)=ffffffff90000000\n"));

    /// <summary>Sections: none, .text, .data, .note, .symtab, .strtab, .BTF, .shstrtab.</summary>
    private static byte[] Write()
    {
        const int HeaderSize = 64;
        byte[] strings = Encoding.ASCII.GetBytes("\0_stext\0schedule\0state\0runqueues\0undefined\0file.c\0");
        uint Name(string name) => (uint)strings.AsSpan().IndexOf(Encoding.ASCII.GetBytes($"\0{name}\0")) + 1;
        var symbols = new List<byte>(new byte[24]);
        void Symbol(string name, byte info, ushort section, ulong value)
        {
            Span<byte> entry = stackalloc byte[24];
            BinaryPrimitives.WriteUInt32LittleEndian(entry, Name(name));
            entry[4] = info;
            BinaryPrimitives.WriteUInt16LittleEndian(entry[6..], section);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[8..], value);
            symbols.AddRange(entry);
        }

        Symbol("_stext", 0x10, 1, 0xffff_ffff_8100_0000);
        Symbol("schedule", 0x12, 1, 0xffff_ffff_8100_0100);
        Symbol("state", 0x01, 2, 0xffff_ffff_8200_0000);
        Symbol("runqueues", 0x11, 2, 0x20340);
        Symbol("undefined", 0x10, 0, 0);
        Symbol("file.c", 0x04, 0xfff1, 0);
        var types = new BtfWriter();
        _ = types.Structure(BtfKind.Struct, "task_struct", 8, ("state", types.Int("long", 8), 0, 0));
        byte[] note = new byte[16 + BuildId.Length];
        BinaryPrimitives.WriteInt32LittleEndian(note, 4);
        BinaryPrimitives.WriteInt32LittleEndian(note.AsSpan(4), BuildId.Length);
        BinaryPrimitives.WriteInt32LittleEndian(note.AsSpan(8), 3);
        "GNU\0"u8.CopyTo(note.AsSpan(12));
        BuildId.CopyTo(note, 16);
        byte[] names = Encoding.ASCII.GetBytes("\0.text\0.data\0.note\0.symtab\0.strtab\0.BTF\0.shstrtab\0");
        (string Name, uint Type, ulong Flags, byte[] Content)[] sections =
        [
            ("", 0, 0, []), (".text", 1, 6, []), (".data", 1, 3, []), (".note", 7, 2, note), (".symtab", 2, 0, [.. symbols]),
            (".strtab", 3, 0, strings), (".BTF", 1, 2, types.Write()), (".shstrtab", 3, 0, names),
        ];
        var file = new List<byte>(new byte[HeaderSize]);
        var headers = new List<byte>();
        foreach ((string name, uint type, ulong flags, byte[] content) in sections)
        {
            byte[] header = new byte[HeaderSize];
            int place = name.Length == 0 ? 0 : names.AsSpan().IndexOf(Encoding.ASCII.GetBytes($"\0{name}\0")) + 1;
            BinaryPrimitives.WriteInt32LittleEndian(header, place);
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), type);
            BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(8), flags);
            BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(24), file.Count);
            BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(32), content.Length);
            headers.AddRange(header);
            file.AddRange(content);
        }

        byte[] bytes = [.. file, .. headers];
        ReadOnlySpan<byte> identification = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        identification.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(16), 2);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(18), 62);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(40), file.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(52), HeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(58), HeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(60), (ushort)sections.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(62), (ushort)(sections.Length - 1));
        return bytes;
    }
}
