using System.Text.Json.Serialization;

namespace Lifeboat.Capture.Manifest;

/// <summary>What became of one tier of a capture.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TierStatus>))]
public enum TierStatus
{
    /// <summary>It was not come to.</summary>
    NotStarted,

    /// <summary>It is on stable storage, whole.</summary>
    Saved,

    /// <summary>Part of it is on stable storage.</summary>
    Partial,

    /// <summary>Nothing of it was saved.</summary>
    Failed,
}
