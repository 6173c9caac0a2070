using System.Buffers.Binary;
using Lifeboat.Core.Memory;

namespace Lifeboat.Symbols.Unwinding;

/// <summary>
/// The true return addresses of functions whose own ones the kernel has replaced: by the function graph tracer, which
/// keeps them in the task's ret_stack, and by return probes, which chain them to the task.
/// </summary>
internal sealed class ReturnAddresses
{
    private const int ShadowStackSize = 4096; // from 6.11 on; before, 50 entries, which are less
    private const int MostProbes = 4096;

    private readonly StackMemory _memory;
    private readonly OrcTable _table;
    private readonly VirtualAddress _graph;
    private readonly List<ulong> _probes = [];
    private readonly int? _shadowStack;
    private readonly int? _shadowReturn;
    private readonly int? _shadowSlot;
    private readonly ProbeChain? _chain;

    internal ReturnAddresses(StackMemory memory, KernelSymbols symbols, TypeOffsets types, OrcTable table)
    {
        (_memory, _table) = (memory, table);
        _ = symbols.TryFindAddress("return_to_handler", out _graph);
        ReadOnlySpan<string> names = ["arch_rethook_trampoline", "__kretprobe_trampoline", "kretprobe_trampoline"];
        foreach (string name in names)
        {
            if (symbols.TryFindAddress(name, out VirtualAddress probe))
            {
                _probes.Add(probe.Value);
            }
        }

        _shadowStack = types.Member("task_struct", "ret_stack");
        _shadowReturn = types.Member("ftrace_ret_stack", "ret");
        _shadowSlot = types.Member("ftrace_ret_stack", "retp");
        _chain = ProbeChain.Find(types, "rethooks.first", "rethook_node", "frame")
            ?? ProbeChain.Find(types, "kretprobe_instances.first", "kretprobe_instance", "fp");
    }

    /// <summary>What an address that stands in a return address's place is.</summary>
    internal ReturnTrampoline KindOf(VirtualAddress address) => address == VirtualAddress.Null ? ReturnTrampoline.None
        : address == _graph ? ReturnTrampoline.FunctionGraph
        : _probes.Contains(address.Value) ? ReturnTrampoline.ReturnProbe : ReturnTrampoline.None;

    /// <summary>The address that was replaced.</summary>
    /// <param name="kind">By what.</param>
    /// <param name="task">The task; null when it is not known.</param>
    /// <param name="slot">Where on the stack the trampoline's address stands.</param>
    /// <param name="address">The true address.</param>
    internal bool TryRecover(ReturnTrampoline kind, VirtualAddress? task, ulong slot, out VirtualAddress address)
    {
        address = default;
        return task is { } of && (kind == ReturnTrampoline.FunctionGraph
            ? TryShadowStack(of.Value, slot, out address) : TryProbes(of.Value, slot, out address));
    }

    // Both the fixed entries of older kernels and the packed ones from 6.11 on say which slot they are of, so they are
    // looked for by that. The lowest is the live one; higher ones may be left over.
    private bool TryShadowStack(ulong task, ulong slot, out VirtualAddress address)
    {
        address = default;
        if (_shadowStack is not { } member || _shadowReturn is not { } atReturn || _shadowSlot is not { } atSlot
            || !_memory.TryWord(unchecked(task + (ulong)member), out ulong start))
        {
            return false;
        }

        byte[] bytes = new byte[ShadowStackSize];
        int read = _memory.Space.Read(new VirtualAddress(start), bytes, out _);
        for (int at = atSlot; at <= read - sizeof(ulong); at += sizeof(ulong))
        {
            int back = at - atSlot + atReturn;
            if (BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at)) == slot && back <= read - sizeof(ulong))
            {
                address = new VirtualAddress(BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(back)));
                if (IsTrue(address))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private bool TryProbes(ulong task, ulong slot, out VirtualAddress address)
    {
        address = default;
        if (_chain is not { } chain || !_memory.TryWord(unchecked(task + (ulong)chain.First), out ulong link))
        {
            return false;
        }

        for (int i = 0; i < MostProbes && link != 0; i++)
        {
            ulong node = unchecked(link - (ulong)chain.Link);
            if (!_memory.TryWord(unchecked(node + (ulong)chain.Slot), out ulong of)
                || !_memory.TryWord(unchecked(node + (ulong)chain.Return), out ulong real)
                || !_memory.TryWord(link, out link))
            {
                return false;
            }

            address = new VirtualAddress(real);
            if (of == slot && IsTrue(address))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsTrue(VirtualAddress address) =>
        KindOf(address) == ReturnTrampoline.None && _table.MayBeCode(address);
}
