namespace Lifeboat.Vmcore.Kdump;

/// <summary>Flags of <c>disk_dump_header.status</c> (DUMP_DH_*).</summary>
[Flags]
internal enum DumpStatus : uint
{
    None = 0,
    Zlib = 1,
    Lzo = 2,
    Snappy = 4,
    Incomplete = 8,
    ExcludedVmemmap = 0x10,
    Zstd = 0x20,
}
