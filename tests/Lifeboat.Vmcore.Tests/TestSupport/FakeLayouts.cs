using Lifeboat.Vmcore.Pages;

namespace Lifeboat.Vmcore.Tests.TestSupport;

/// <summary>A kernel's types, as a test says they are; counts how often it was asked.</summary>
internal sealed class FakeLayouts : IKernelLayouts
{
    internal Dictionary<string, int> Offsets { get; } = new(StringComparer.Ordinal);

    internal Dictionary<string, int> Sizes { get; } = new(StringComparer.Ordinal);

    internal Dictionary<string, long> Enumerators { get; } = new(StringComparer.Ordinal);

    public bool TryGetOffset(string structure, string member, out int bytes) =>
        Offsets.TryGetValue($"{structure}.{member}", out bytes);

    public bool TryGetSize(string structure, out int bytes) => Sizes.TryGetValue(structure, out bytes);

    public bool TryGetEnumerator(string name, out long value) => Enumerators.TryGetValue(name, out value);
}
