namespace Lifeboat.Capture.Ssh;

/// <summary>Kinds of packets of SFTP, version 3 (draft-ietf-secsh-filexfer-02).</summary>
internal enum SftpKind : byte
{
    /// <summary>SSH_FXP_INIT.</summary>
    Init = 1,

    /// <summary>SSH_FXP_VERSION.</summary>
    Version = 2,

    /// <summary>SSH_FXP_OPEN.</summary>
    Open = 3,

    /// <summary>SSH_FXP_CLOSE.</summary>
    Close = 4,

    /// <summary>SSH_FXP_WRITE.</summary>
    Write = 6,

    /// <summary>SSH_FXP_REMOVE.</summary>
    Remove = 13,

    /// <summary>SSH_FXP_MKDIR.</summary>
    MakeFolder = 14,

    /// <summary>SSH_FXP_RENAME.</summary>
    Rename = 18,

    /// <summary>SSH_FXP_STATUS.</summary>
    Status = 101,

    /// <summary>SSH_FXP_HANDLE.</summary>
    Handle = 102,

    /// <summary>SSH_FXP_EXTENDED.</summary>
    Extended = 200,

    /// <summary>SSH_FXP_EXTENDED_REPLY.</summary>
    ExtendedReply = 201,
}
