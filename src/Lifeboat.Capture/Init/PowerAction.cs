namespace Lifeboat.Capture.Init;

/// <summary>What to do with the machine in the end.</summary>
public enum PowerAction
{
    /// <summary>Start it again.</summary>
    Reboot,

    /// <summary>Stop it and leave it powered.</summary>
    Halt,

    /// <summary>Switch it off.</summary>
    PowerOff,

    /// <summary>Give a person a shell on the console; when it ends, start the machine again.</summary>
    Shell,
}
