namespace Lifeboat.Capture.Network.Netlink;

/// <summary>Takes a message of an answer.</summary>
/// <param name="type">Its type, <c>RTM_*</c>.</param>
/// <param name="body">What follows its header; valid during the call only.</param>
internal delegate void NetlinkTaker(ushort type, ReadOnlySpan<byte> body);
