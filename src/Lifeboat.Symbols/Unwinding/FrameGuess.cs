namespace Lifeboat.Symbols.Unwinding;

/// <summary>How a frame was found where the tables did not say.</summary>
public enum FrameGuess
{
    /// <summary>It was not guessed: the tables say so, or it calls the very function that they leave out.</summary>
    None,

    /// <summary>By the return address that a call to a bad address has just pushed.</summary>
    BadCall,

    /// <summary>By the frame pointer.</summary>
    FramePointer,

    /// <summary>It is the next word up the stack that is a return address and whose own caller can be found.</summary>
    Scan,

    /// <summary>It is the next word up the stack that looks like a return address.</summary>
    LooseScan,
}
