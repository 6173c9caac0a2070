namespace Lifeboat.Core.Linux;

/// <summary>The kernel's error numbers that this program meets (asm-generic/errno.h), by the kernel's names.</summary>
public enum Errno
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>Operation not permitted.</summary>
    EPERM = 1,

    /// <summary>No such file or directory.</summary>
    ENOENT = 2,

    /// <summary>Interrupted by a signal.</summary>
    EINTR = 4,

    /// <summary>Input/output error.</summary>
    EIO = 5,

    /// <summary>No such device or address.</summary>
    ENXIO = 6,

    /// <summary>Not an executable, or not a kernel image.</summary>
    ENOEXEC = 8,

    /// <summary>No open descriptor, or not open for this.</summary>
    EBADF = 9,

    /// <summary>Try again.</summary>
    EAGAIN = 11,

    /// <summary>Out of memory.</summary>
    ENOMEM = 12,

    /// <summary>Permission denied.</summary>
    EACCES = 13,

    /// <summary>Bad address.</summary>
    EFAULT = 14,

    /// <summary>Device or resource busy.</summary>
    EBUSY = 16,

    /// <summary>File exists.</summary>
    EEXIST = 17,

    /// <summary>No such device, or an unknown filesystem type.</summary>
    ENODEV = 19,

    /// <summary>Not a directory.</summary>
    ENOTDIR = 20,

    /// <summary>Is a directory.</summary>
    EISDIR = 21,

    /// <summary>Invalid argument.</summary>
    EINVAL = 22,

    /// <summary>A file that is being run, or read as a whole, is open for writing.</summary>
    ETXTBSY = 26,

    /// <summary>File too large.</summary>
    EFBIG = 27,

    /// <summary>No space left on device.</summary>
    ENOSPC = 28,

    /// <summary>Read-only filesystem.</summary>
    EROFS = 30,

    /// <summary>Broken pipe: nobody reads any more.</summary>
    EPIPE = 32,

    /// <summary>Function not implemented: the kernel was built without it.</summary>
    ENOSYS = 38,

    /// <summary>No data: an image without a signature.</summary>
    ENODATA = 61,

    /// <summary>A bad message: a signature that does not read.</summary>
    EBADMSG = 74,

    /// <summary>Structure needs cleaning: a damaged filesystem.</summary>
    EUCLEAN = 117,

    /// <summary>A message is too long.</summary>
    EMSGSIZE = 90,

    /// <summary>The operation is not supported here.</summary>
    EOPNOTSUPP = 95,

    /// <summary>The kernel does not know this family of addresses.</summary>
    EAFNOSUPPORT = 97,

    /// <summary>The address is not available.</summary>
    EADDRNOTAVAIL = 99,

    /// <summary>The network is down.</summary>
    ENETDOWN = 100,

    /// <summary>The protocol, or its version, is not supported.</summary>
    EPROTONOSUPPORT = 93,

    /// <summary>No route to the network.</summary>
    ENETUNREACH = 101,

    /// <summary>The other side broke the connection off.</summary>
    ECONNRESET = 104,

    /// <summary>The other side did not answer.</summary>
    ETIMEDOUT = 110,

    /// <summary>The other side refuses the connection.</summary>
    ECONNREFUSED = 111,

    /// <summary>No route to the host.</summary>
    EHOSTUNREACH = 113,

    /// <summary>It is so already, or being done.</summary>
    EALREADY = 114,

    /// <summary>Begun, and not done yet.</summary>
    EINPROGRESS = 115,

    /// <summary>Disk quota exceeded.</summary>
    EDQUOT = 122,

    /// <summary>The key of a signature is not known.</summary>
    ENOKEY = 126,

    /// <summary>The key of a signature has expired.</summary>
    EKEYEXPIRED = 127,

    /// <summary>The key of a signature was revoked.</summary>
    EKEYREVOKED = 128,

    /// <summary>The key was rejected: a signature is missing or wrong.</summary>
    EKEYREJECTED = 129,
}
