using Lifeboat.Kernel.Files;
using Lifeboat.Kernel.Net;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Kernel.Tasks;
using Lifeboat.TestSupport;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Kernel.Tests.RealDumps;

/// <summary>Open files, mounts and sockets as /proc of the guest itself told them.</summary>
public sealed class FileTruthTests(ITestOutputHelper output)
{
    // It wrote the record: that file is closed again, and what makes the machine crash is opened.
    private const int Writer = 1;

    private static readonly (string File, string Family, int Protocol)[] Protocols =
        [("tcp", "INET", 6), ("tcp6", "INET6", 6), ("udp", "INET", 17), ("udp6", "INET6", 17)];

    [Fact]
    public void Every_open_file_has_the_path_that_its_link_had()
    {
        foreach ((string path, TruthFiles truth) in TruthFiles.Require(TestDumps.Find(".elf")))
        {
            using var dump = CrashDump.Open(path);
            Dictionary<long, KernelTask> tasks = Processes(dump.Kernel);
            int files = 0;
            foreach (int process in truth.Processes)
            {
                IReadOnlyDictionary<string, string> links = truth.Links(process);
                if (!tasks.TryGetValue(process, out KernelTask? task) || links.Count == 0)
                {
                    continue;
                }

                KernelWalk<OpenFile> open = task.OpenFiles;
                SortedSet<string> found = [.. open.Select(file => $"{file.Descriptor} {file.File.Path}")];
                SortedSet<string> expected =
                    [.. links.Where(link => link.Key.StartsWith("fd/", StringComparison.Ordinal)).Select(link => $"{link.Key[3..]} {link.Value}")];
                if (process == Writer)
                {
                    expected.RemoveWhere(file => file.EndsWith("/truth.cpio", StringComparison.Ordinal) || file.EndsWith(' '));
                    found.RemoveWhere(file => file.EndsWith(" /proc/sysrq-trigger", StringComparison.Ordinal));
                }

                Assert.Equal(WalkEnd.Complete, open.End);
                Assert.Equal(expected, found);
                if (links.ContainsKey("cwd"))
                {
                    Assert.Equal((links["cwd"], links["root"]), (task.WorkingFolder ?? "", task.RootFolder ?? ""));
                }

                // One that is gone has none.
                Assert.Equal(links["ns/mnt"], task.Mounts is { } mounts ? $"mnt:[{mounts.Number}]" : "");
                Assert.Equal(links["ns/net"], task.Network is { } network ? $"net:[{network.Number}]" : "");
                files += found.Count;
            }

            output.WriteLine($"{truth.Release}: {files} open files compared, none differs");
            Assert.InRange(files, 100, 10_000);
        }
    }

    [Fact]
    public void Every_mount_is_there_in_its_order()
    {
        foreach ((string path, TruthFiles truth) in TruthFiles.Require(TestDumps.Find(".elf")))
        {
            using var dump = CrashDump.Open(path);
            KernelWalk<KernelMount> mounts = Processes(dump.Kernel)[Writer].Mounts!.Mounts;

            // Below the root of what programs see there may be another one, which /proc does not show.
            string[] found = [.. mounts.Where(mount => mount.FileSystem != "nullfs").Select(
                mount => $"{mount.Id} {mount.Device} {mount.Folder} {mount.FileSystem} {(mount.IsReadOnly == true ? "ro" : "rw")}")];
            string[] numbers = [.. truth.Rows("1/mountinfo", headings: 0).Select(row => row[0])];
            string[] expected = [.. truth.Rows("mounts", headings: 0).Select(
                (row, i) => $"{numbers[i]} {row[0]} {row[1]} {row[2]} {row[3].Split(',')[0]}")];
            Assert.Equal(WalkEnd.Complete, mounts.End);
            Assert.Equal(expected, found);
        }
    }

    [Fact]
    public void Every_socket_of_a_process_is_as_the_tables_of_its_protocol_have_it()
    {
        foreach ((string path, TruthFiles truth) in TruthFiles.Require(TestDumps.Find(".elf")))
        {
            using var dump = CrashDump.Open(path);
            var sockets = new Dictionary<ulong, KernelSocket>();
            foreach (OpenFile file in Processes(dump.Kernel).Values.SelectMany(task => task.OpenFiles))
            {
                if (file.File.Socket is { } socket)
                {
                    Assert.Equal(file.File.Path, $"socket:[{socket.InodeNumber}]");
                    sockets[socket.InodeNumber!.Value] = socket;
                }
            }

            int compared = 0;
            foreach ((ulong number, string expected) in Tables(truth))
            {
                // Sockets of the kernel itself are no process's.
                if (sockets.TryGetValue(number, out KernelSocket? socket))
                {
                    Assert.Equal($"{truth.Release} {expected}", $"{truth.Release} {Show(socket)}");
                    compared++;
                }
            }

            output.WriteLine($"{truth.Release}: {compared} of {sockets.Count} sockets compared, none differs");
            Assert.InRange(compared, 8, 1000);
        }
    }

    private static Dictionary<long, KernelTask> Processes(CrashedKernel kernel) => kernel.Tasks
        .Where(task => task.Pid > 0 && task.Pid == task.ProcessId).ToDictionary(task => task.Pid!.Value);

    private static string Show(KernelSocket socket) => socket.Family switch
    {
        "INET" or "INET6" => $"{socket.Family} {socket.Protocol} {socket.State} {socket.Local} {socket.Remote}",
        "UNIX" => $"UNIX {socket.Type} {socket.State == "LISTEN"} {socket.Local}",
        "NETLINK" => $"NETLINK {socket.Local}",
        _ => $"{socket.Family} {socket.Type}",
    };

    private static IEnumerable<(ulong Number, string Text)> Tables(TruthFiles truth)
    {
        foreach ((string file, string family, int protocol) in Protocols)
        {
            foreach (string[] row in truth.Rows($"net/{file}"))
            {
                string state = (string)(Convert.ToInt32(row[3], 16) switch { 1 => "ESTABLISHED", 7 => "CLOSE", 8 => "CLOSE_WAIT", 10 => "LISTEN", _ => row[3] });
                yield return (Number(row[9]), $"{family} {protocol} {state} {HexAddress.ToText(row[1])} {HexAddress.ToText(row[2])}");
            }
        }

        foreach (string[] row in truth.Rows("net/unix"))
        {
            string type = row[4] switch { "0001" => "STREAM", "0002" => "DGRAM", "0005" => "SEQPACKET", _ => row[4] };
            yield return (Number(row[6]), $"UNIX {type} {row[3] == "00010000"} {(row.Length > 7 ? row[7] : "")}");
        }

        foreach (string[] row in truth.Rows("net/netlink"))
        {
            yield return (Number(row[9]), $"NETLINK {row[2]}");
        }

        foreach (string[] row in truth.Rows("net/packet"))
        {
            yield return (Number(row[8]), $"PACKET {(row[2] == "3" ? "RAW" : "DGRAM")}");
        }
    }

    private static ulong Number(string text) => ulong.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
