namespace Lifeboat.Capture.Settings;

/// <summary>How files get to a web server.</summary>
public enum UploadProtocol
{
    /// <summary>Resumable uploads, tus 1.0.</summary>
    Tus,

    /// <summary>A PUT for each file.</summary>
    Put,
}
