using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Modules;

/// <summary>What a module offers to every other one (<c>syms</c>, of <c>struct kernel_symbol</c>).</summary>
internal sealed class ModuleExports
{
    private readonly ulong[] _values;
    private readonly ulong[] _names;

    private ModuleExports(int count) => (_values, _names) = (new ulong[count], new ulong[count]);

    /// <summary>Reads them; none when there are more than are believed.</summary>
    internal static ModuleExports Read(KernelObject module, int mostBytes)
    {
        if (!module.TryGet("syms", out KernelObject? first) || !module.TryGet("num_syms", out KernelObject? number)
            || number.Unsigned is not { } count || first.Type.Target is not { Size.Value: > 0 and var size }
            || count > (ulong)mostBytes / size)
        {
            return new ModuleExports(0);
        }

        var exports = new ModuleExports((int)count);
        for (int i = 0; i < exports._values.Length; i++)
        {
            exports._values[i] = AddressIn(first[i], "value");
            exports._names[i] = AddressIn(first[i], "name");
        }

        return exports;
    }

    /// <summary>The place of one by what it is, from a place on; -1 when there is none.</summary>
    internal int Find(ulong value, int from) => Array.IndexOf(_values, value, from);

    /// <summary>Where the name of one lies.</summary>
    internal VirtualAddress NameOf(int place) => new(_names[place]);

    // A distance from where it stands, or the address itself where the kernel was built without those.
    private static ulong AddressIn(KernelObject entry, string what) =>
        entry.TryGet(what + "_offset", out KernelObject? distance)
            ? distance.Signed is { } far ? unchecked(distance.Address.Value + (ulong)far) : 0
            : entry.TryGet(what, out KernelObject? address) ? address.Unsigned ?? 0 : 0;
}
