using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Symbols.Tests.TestSupport;
using Lifeboat.Symbols.Types;
using Lifeboat.Vmcore.Paging;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Kernel.Tests.TestSupport;

/// <summary>A fake kernel with a few types of its own, and room for objects of them.</summary>
internal sealed class ObjectWorld
{
    private readonly FakeKernel _kernel = new();

    internal ObjectWorld()
    {
        for (ulong offset = 0; offset < 8UL << 20; offset += 2UL << 20)
        {
            _kernel.Map(FakeKernel.ImageVirtual + offset, FakeKernel.ImagePhysical + offset, 21);
        }

        Types = new KernelTypes(Btf.Parse(WriteTypes()));
        Space = AddressSpace.OpenKernel(_kernel.Memory, _kernel.Vmcoreinfo);
    }

    internal KernelTypes Types { get; }

    internal AddressSpace Space { get; }

    internal FakeMemory Memory => _kernel.Memory;

    /// <summary>An object of zeros.</summary>
    internal KernelObject New(string type)
    {
        KernelType found = Types[type];
        return new KernelObject(Space, found, new VirtualAddress(_kernel.Allocate((int)found.Size.Value)));
    }

    /// <summary>Aligned to its size, as maple nodes are.</summary>
    internal KernelObject NewAligned(string type, ulong alignment)
    {
        ulong start = _kernel.Allocate((int)(Types[type].Size.Value + alignment));
        return new KernelObject(Space, Types[type], new VirtualAddress((start + alignment - 1) & ~(alignment - 1)));
    }

    internal void Set(KernelObject member, ulong value)
    {
        ulong place = FakeKernel.ToPhysical(member.Address.Value);
        for (ulong i = 0; i < member.Type.Size.Value; i++)
        {
            Memory.Write(place + i, [(byte)(value >> (int)(8 * i))]);
        }
    }

    internal void Set(KernelObject member, KernelObject target) => Set(member, target.Address.Value);

    internal void Write(KernelObject place, ReadOnlySpan<byte> bytes) =>
        Memory.Write(FakeKernel.ToPhysical(place.Address.Value), bytes.ToArray());

    private static byte[] WriteTypes()
    {
        var writer = new BtfWriter();
        int character = writer.Int("char", 1);
        int small = writer.Int("unsigned char", 1, isSigned: false);
        int number = writer.Int("int", 4);
        int large = writer.Int("long unsigned int", 8, isSigned: false);
        int nothing = writer.Pointer(0);
        int text = writer.Array(character, number, 8);

        // 7: a list's head, which holds pointers to itself.
        int list = writer.Structure(BtfKind.Struct, "list_head", 16, ("next", 8, 0, 0), ("prev", 8, 64, 0));
        int listPointer = writer.Pointer(list);
        Assert.Equal((7, 8), (list, listPointer));
        int chain = writer.Structure(BtfKind.Struct, "hlist_node", 16, ("next", 10, 0, 0), ("pprev", nothing, 64, 0));
        int chainPointer = writer.Pointer(chain);
        writer.Structure(BtfKind.Struct, "hlist_head", 8, ("first", chainPointer, 0, 0));
        int node = writer.Structure(
            BtfKind.Struct, "rb_node", 24, ("__rb_parent_color", large, 0, 0), ("rb_right", 13, 64, 0), ("rb_left", 13, 128, 0));
        int nodePointer = writer.Pointer(node);
        Assert.Equal((12, 13), (node, nodePointer));
        int root = writer.Structure(BtfKind.Struct, "rb_root", 8, ("rb_node", nodePointer, 0, 0));
        writer.Structure(BtfKind.Struct, "rb_root_cached", 16, ("rb_root", root, 0, 0), ("rb_leftmost", nodePointer, 64, 0));
        int slots = writer.Array(nothing, number, 64);
        writer.Structure(BtfKind.Struct, "xa_node", 576, ("shift", small, 0, 0), ("slots", slots, 320, 0));
        writer.Structure(BtfKind.Struct, "xarray", 16, ("xa_flags", number, 0, 0), ("xa_head", nothing, 64, 0));
        int state = writer.Enum("state", false, ("RUNNING", 0), ("WAITING", 5));
        int unnamed = writer.Structure(BtfKind.Union, "", 4, ("number", number, 0, 0), ("state", state, 0, 0));
        int item = writer.Structure(
            BtfKind.Struct,
            "item",
            128,
            ("link", list, 0, 0),
            ("name", text, 128, 0),
            ("", unnamed, 192, 0),
            ("low", number, 224, 3),
            ("high", number, 227, 5),
            ("chained", chain, 256, 0),
            ("node", node, 384, 0),
            ("other", 22, 576, 0),
            ("label", 23, 640, 0),
            ("numbers", 24, 704, 0));
        Assert.Equal(21, item);
        writer.Pointer(item);
        writer.Pointer(character);
        writer.Array(number, number, 4);
        int pivots = writer.Array(large, number, 15);
        int rangeSlots = writer.Array(nothing, number, 16);
        int range = writer.Structure(BtfKind.Struct, "maple_range_64", 256, ("pivot", pivots, 64, 0), ("slot", rangeSlots, 1024 - 64, 0));
        int fewPivots = writer.Array(large, number, 9);
        int fewSlots = writer.Array(nothing, number, 10);
        int allocation = writer.Structure(
            BtfKind.Struct, "maple_arange_64", 256, ("pivot", fewPivots, 64, 0), ("slot", fewSlots, 640, 0));
        int union = writer.Structure(BtfKind.Union, "", 256, ("mr64", range, 0, 0), ("ma64", allocation, 0, 0));
        writer.Structure(BtfKind.Struct, "maple_node", 256, ("", union, 0, 0));
        writer.Structure(BtfKind.Struct, "maple_tree", 16, ("ma_root", nothing, 64, 0));
        return writer.Write();
    }
}
