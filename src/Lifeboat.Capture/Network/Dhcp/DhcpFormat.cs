namespace Lifeboat.Capture.Network.Dhcp;

/// <summary>Where things are in a DHCP message (RFC 2131), in the UDP and IPv4 packet around it (RFC 768, 791), and its options (RFC 2132).</summary>
internal static class DhcpFormat
{
    internal const int IpHeaderSize = 20;
    internal const int UdpHeaderSize = 8;
    internal const int ClientPort = 68;
    internal const int ServerPort = 67;
    internal const byte UdpProtocol = 17;

    internal const int TransactionOffset = 4;
    internal const int SecondsOffset = 8;
    internal const int FlagsOffset = 10;
    internal const int YourAddressOffset = 16;
    internal const int HardwareAddressOffset = 28;
    internal const int ServerNameOffset = 44;
    internal const int ServerNameSize = 64;
    internal const int FileOffset = 108;
    internal const int FileSize = 128;
    internal const int CookieOffset = 236;
    internal const int OptionsOffset = 240;

    internal const byte Request = 1;
    internal const byte Reply = 2;
    internal const byte Ethernet = 1;
    internal const ushort AnswerByBroadcast = 0x8000;
    internal const uint MagicCookie = 0x63825363;

    internal const byte OptionPad = 0;
    internal const byte OptionMask = 1;
    internal const byte OptionRouter = 3;
    internal const byte OptionWantedAddress = 50;
    internal const byte OptionLeaseTime = 51;
    internal const byte OptionOverload = 52;
    internal const byte OptionMessageType = 53;
    internal const byte OptionServer = 54;
    internal const byte OptionList = 55;
    internal const byte OptionMessageSize = 57;
    internal const byte OptionRoutes = 121;
    internal const byte OptionEnd = 255;
}
