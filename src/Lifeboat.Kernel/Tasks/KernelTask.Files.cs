using Lifeboat.Kernel.Files;
using Lifeboat.Kernel.Ipc;
using Lifeboat.Kernel.Net;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Kernel.Tasks;

/// <content>What a task has of files and namespaces.</content>
public sealed partial class KernelTask
{
    /// <summary>Its open files, by number; none for a task that is gone.</summary>
    public KernelWalk<OpenFile> OpenFiles => FileTable.Of(_kernel, Object);

    /// <summary>The path of the folder it is in; null when it has none, or it cannot be read.</summary>
    public string? WorkingFolder => PathOf("fs.pwd");

    /// <summary>The path of the folder that it takes for <c>/</c>; null when it has none, or it cannot be read.</summary>
    public string? RootFolder => PathOf("fs.root");

    /// <summary>What is mounted where for it; null when it is gone, or that cannot be read.</summary>
    public MountNamespace? Mounts =>
        Object.Follow("nsproxy")?.Follow("mnt_ns") is { } space ? new MountNamespace(_kernel, space) : null;

    /// <summary>Its network; null when it is gone, or that cannot be read.</summary>
    public NetNamespace? Network =>
        Object.Follow("nsproxy")?.Follow("net_ns") is { } space ? new NetNamespace(_kernel, space) : null;

    /// <summary>System V IPC as it sees it; null when it is gone, or that cannot be read.</summary>
    public IpcNamespace? Ipc =>
        Object.Follow("nsproxy")?.Follow("ipc_ns") is { } space ? new IpcNamespace(_kernel, space) : null;

    private string? PathOf(string member) =>
        Object.Follow("fs") is not null && Object.TryGet(member, out KernelObject? path) ? FilePaths.Of(_kernel, path) : null;
}
