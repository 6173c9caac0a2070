namespace Lifeboat.Capture.Streams;

/// <summary>What a record of a crash stream is.</summary>
internal enum CrashRecordKind : uint
{
    /// <summary>A file begins; its name.</summary>
    Begin = 1,

    /// <summary>Bytes of it.</summary>
    Data = 2,

    /// <summary>It ends: whether it is whole, its bytes, its SHA-256.</summary>
    End = 3,

    /// <summary>Nothing follows; whether everything was saved.</summary>
    Publish = 4,

    /// <summary>Nothing: what follows begins at a place that suits a disk.</summary>
    Padding = 5,
}
