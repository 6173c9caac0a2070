using System.Globalization;
using Lifeboat.Core.Memory;

namespace Lifeboat.Kernel.Processors;

/// <summary>A range of physical memory, and what the firmware said it is.</summary>
/// <param name="start">Its first byte.</param>
/// <param name="end">The byte behind it.</param>
/// <param name="kind">The number of e820.</param>
public sealed class FirmwareRange(PhysicalAddress start, PhysicalAddress end, ulong kind)
{
    private static readonly string[] Kinds = ["", "RAM", "reserved", "ACPI tables", "ACPI storage", "unusable", "", "persistent"];

    /// <summary>Its first byte.</summary>
    public PhysicalAddress Start => start;

    /// <summary>The byte behind it.</summary>
    public PhysicalAddress End => end;

    /// <summary>What it is: <c>RAM</c>, <c>reserved</c>, or a number that has no name.</summary>
    public string Kind => kind < (ulong)Kinds.Length && Kinds[kind].Length > 0
        ? Kinds[kind] : kind.ToString(CultureInfo.InvariantCulture);
}
