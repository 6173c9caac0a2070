using Lifeboat.Core.Memory;
using Lifeboat.Drill.Inside.Interop;

namespace Lifeboat.Drill.Inside;

/// <summary>
/// Pages of kinds that the known patterns lack, so that a dump has some of each class: huge pages, in use and in reserve,
/// and shared memory. A kernel without one of them goes without.
/// </summary>
internal static class PageMix
{
    private const string HugePages = "/proc/sys/vm/nr_hugepages";
    private const int HugePageBytes = 2 << 20;
    private const int ReservedHugePages = 4;
    private const int UsedHugePages = 2;
    private const int SharedPages = 512;

    /// <summary>Makes them; they stay until the crash.</summary>
    public static void Make()
    {
        if (File.Exists(HugePages))
        {
            File.WriteAllText(HugePages, $"{ReservedHugePages}");
            Touch(LibC.MapPrivateAnonymous | LibC.MapHuge, UsedHugePages, HugePageBytes);
        }

        Touch(LibC.MapShared | LibC.MapAnonymous, SharedPages, Pfn.PageSize);
    }

    private static unsafe void Touch(int flags, int count, int pageBytes)
    {
        nint address = LibC.MapMemory(0, (nuint)count * (nuint)pageBytes, LibC.ProtReadWrite, flags, -1, 0);
        for (int page = 0; page < count && address != -1; page++)
        {
            // Safety: the mapping has this many pages, and nothing unmaps it before the crash.
            *((byte*)address + ((long)page * pageBytes)) = (byte)(page + 1);
        }
    }
}
