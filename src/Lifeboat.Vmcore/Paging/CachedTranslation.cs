namespace Lifeboat.Vmcore.Paging;

/// <summary>A page that was translated; <paramref name="Size"/> is 0 in an empty place of the cache.</summary>
internal readonly record struct CachedTranslation(ulong Virtual, ulong Physical, ulong Size);
