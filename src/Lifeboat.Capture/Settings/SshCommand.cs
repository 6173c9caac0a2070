namespace Lifeboat.Capture.Settings;

/// <summary>What takes a crash on the far side of ssh.</summary>
public enum SshCommand
{
    /// <summary>An SFTP server, as every OpenSSH has it: files as files, the dump flattened.</summary>
    Sftp,

    /// <summary><c>lifeboat receive</c>: each file acknowledged with its hash, the dump as a file that tools open.</summary>
    Receive,

    /// <summary>A shell with <c>cat</c>: one file, which <c>lifeboat fetch-raw</c> opens.</summary>
    Cat,
}
