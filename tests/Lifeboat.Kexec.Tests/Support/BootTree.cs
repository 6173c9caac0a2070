using System.Buffers.Binary;
using System.Text;
using Lifeboat.Kexec.Entries;

namespace Lifeboat.Kexec.Tests.Support;

/// <summary>A folder with the files that a boot loader and its tools would leave on a machine.</summary>
internal sealed class BootTree : IDisposable
{
    internal const string RootUuid = "1f3a6d0c-5a58-4c0e-9a3e-6f4f2f7f0001";
    internal const string BootUuid = "1f3a6d0c-5a58-4c0e-9a3e-6f4f2f7f0002";
    internal const string OtherUuid = "1f3a6d0c-5a58-4c0e-9a3e-6f4f2f7f0003";

    internal string Root { get; } = Directory.CreateTempSubdirectory("lifeboat-boot-").FullName;

    internal BootEntryList Find() => BootEntries.Find(Root);

    internal void Write(string file, string text) => Write(file, Encoding.UTF8.GetBytes(text));

    internal void Write(string file, byte[] bytes)
    {
        string path = Path.Join(Root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>Files that only have to be there.</summary>
    internal void Touch(params string[] files)
    {
        foreach (string file in files)
        {
            Write(file, "x");
        }
    }

    /// <summary>An environment block as grub-editenv pads it: 1024 bytes.</summary>
    internal void WriteEnvironment(string file, params string[] lines) =>
        Write(file, $"# GRUB Environment Block\n{string.Join("", lines.Select(line => line + "\n"))}".PadRight(1024, '#'));

    /// <summary>A variable of the firmware as efivarfs shows it.</summary>
    internal void WriteVariable(string name, string value) => Write(
        $"sys/firmware/efi/efivars/{name}-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f", [6, 0, 0, 0, .. Encoding.Unicode.GetBytes(value + "\0")]);

    /// <summary>The root filesystem on vda2, and /boot on vda1 when it is one of its own.</summary>
    internal void Mount(bool bootIsOwn, string rootOfRoot = "/")
    {
        Directory.CreateDirectory(Path.Join(Root, "dev/disk/by-uuid"));
        File.CreateSymbolicLink(Path.Join(Root, "dev/disk/by-uuid", RootUuid), "../../vda2");
        File.CreateSymbolicLink(Path.Join(Root, "dev/disk/by-uuid", BootUuid), "../../vda1");
        File.CreateSymbolicLink(Path.Join(Root, "dev/disk/by-uuid", OtherUuid), "../../vda3");
        Write("proc/self/mountinfo", $"""
            22 1 0:20 / /proc rw,nosuid - proc proc rw
            23 1 254:2 {rootOfRoot} / rw,relatime shared:1 - ext4 /dev/vda2 rw
            {(bootIsOwn ? "24 23 254:1 / /boot rw,relatime shared:2 - ext4 /dev/vda1 rw" : "")}

            """);
    }

    /// <summary>The smallest file that reads as a unified kernel image.</summary>
    internal void WriteImage(string file, string osRelease)
    {
        byte[] release = Encoding.UTF8.GetBytes(osRelease);
        var bytes = new byte[0x200 + release.Length];
        "MZ"u8.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(0x3c), 0x80);
        Span<byte> header = bytes.AsSpan(0x80);
        "PE\0\0"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[20..], 0);
        Span<byte> section = header[24..];
        ".osrel"u8.CopyTo(section);
        BinaryPrimitives.WriteInt32LittleEndian(section[8..], release.Length);
        BinaryPrimitives.WriteInt32LittleEndian(section[16..], release.Length);
        BinaryPrimitives.WriteInt32LittleEndian(section[20..], 0x200);
        ".linux"u8.CopyTo(section[40..]);
        release.CopyTo(bytes, 0x200);
        Write(file, bytes);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
