using System.Buffers.Binary;
using System.Text;
using Lifeboat.Core.Hashing;
using Lifeboat.Drill.Inside.Interop;

namespace Lifeboat.Drill.Inside;

/// <summary>Secrets whose bytes are known, given to the kernel to keep: what redaction has to find.</summary>
public static class PlantedSecrets
{
    /// <summary>A key of type <c>user</c> in root's keyring.</summary>
    public const string UserKey = "lifeboat:user";

    /// <summary>A key of type <c>logon</c>, which no process can read back.</summary>
    public const string LogonKey = "lifeboat:logon";

    /// <summary>A key that the crypto API has set up for AES.</summary>
    public const string CipherKey = "lifeboat:cipher";

    /// <summary>Bytes that were written into a pipe and never read.</summary>
    public const string PipeData = "lifeboat:pipe";

    /// <summary>Bytes that were sent to a socket and never received.</summary>
    public const string PacketData = "lifeboat:packet";

    /// <summary>The modules that the last one needs, where the kernel has them as modules.</summary>
    internal static IReadOnlyList<string> Modules { get; } = ["algif_skcipher", "cbc", "aes_generic"];

    private const int AddressSize = 88; // struct sockaddr_alg
    private const int TypeOffset = 2;
    private const int NameOffset = 24;

    /// <summary>The names of the secrets.</summary>
    public static IReadOnlyList<string> Names { get; } = [UserKey, LogonKey, CipherKey, PipeData, PacketData];

    /// <summary>The 32 bytes of a secret.</summary>
    public static byte[] BytesOf(string name)
    {
        var hash = new Sha256();
        hash.Append(Encoding.ASCII.GetBytes("planted " + name));
        return hash.Finish();
    }

    /// <summary>Hands them over; what the kernel refuses is missing.</summary>
    internal static void Plant()
    {
        AddKey("user", UserKey);
        AddKey("logon", LogonKey);
        SetCipherKey();
        FillPipeAndSocket();
    }

    private static unsafe void AddKey(string type, string name)
    {
        byte[] secret = BytesOf(name);

        // Safety: the array stays where it is while the kernel copies as many bytes as it has.
        fixed (byte* bytes = secret)
        {
            _ = LibC.AddKey(LibC.SysAddKey, type, name, bytes, (nuint)secret.Length, LibC.UserKeyring);
        }
    }

    private static unsafe void FillPipeAndSocket()
    {
        byte[] inPipe = BytesOf(PipeData);
        byte[] inSocket = BytesOf(PacketData);
        int* ends = stackalloc int[2];

        // Safety: the arrays stay where they are while the kernel copies as many bytes as they have, and both calls write two numbers.
        fixed (byte* first = inPipe)
        fixed (byte* second = inSocket)
        {
            if (LibC.Pipe(ends) == 0)
            {
                _ = LibC.Write(ends[1], first, (nuint)inPipe.Length);
            }

            if (LibC.SocketPair(LibC.FamilyUnix, LibC.SocketStream, 0, ends) == 0)
            {
                _ = LibC.Write(ends[1], second, (nuint)inSocket.Length);
            }
        }
    }

    private static unsafe void SetCipherKey()
    {
        byte[] address = new byte[AddressSize];
        BinaryPrimitives.WriteInt16LittleEndian(address, LibC.FamilyAlgorithm);
        "skcipher"u8.CopyTo(address.AsSpan(TypeOffset));
        "cbc(aes)"u8.CopyTo(address.AsSpan(NameOffset));
        byte[] secret = BytesOf(CipherKey);

        // The socket stays open until the crash: it is what keeps the key.
        int socket = LibC.Socket(LibC.FamilyAlgorithm, LibC.SocketSequential, 0);

        // Safety: both arrays stay where they are while the kernel copies as many bytes as they have.
        fixed (byte* place = address)
        fixed (byte* bytes = secret)
        {
            if (LibC.Bind(socket, place, AddressSize) == 0)
            {
                _ = LibC.SetSocketOption(socket, LibC.SolAlgorithm, LibC.AlgorithmSetKey, bytes, (uint)secret.Length);
            }
        }
    }
}
