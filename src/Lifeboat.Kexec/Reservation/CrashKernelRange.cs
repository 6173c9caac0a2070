using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Reservation;

/// <summary>How much is reserved on machines with some amount of RAM.</summary>
/// <param name="From">The least RAM.</param>
/// <param name="To">The RAM from which on it is another range's turn; null for no end.</param>
/// <param name="Size">What is reserved.</param>
public sealed record CrashKernelRange(ByteCount From, ByteCount? To, ByteCount Size)
{
    /// <summary>Whether a machine with so much RAM is meant.</summary>
    public bool Contains(ByteCount ram) => ram >= From && (To is not { } to || ram < to);
}
