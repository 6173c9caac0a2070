using System.Text.Json.Serialization;

namespace Lifeboat.Drill.Inside;

/// <summary>The kinds of memory that the guest fills with known bytes before it crashes.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PatternKind>))]
public enum PatternKind
{
    /// <summary>Anonymous memory of a process: left out of a dump whose level has the user bit (8).</summary>
    User,

    /// <summary>Pages of a file in the page cache: left out with the cache bits (2 and 4).</summary>
    PageCache,

    /// <summary>Pages that belong to the kernel, a packet socket's ring: in every dump.</summary>
    Kernel,
}
