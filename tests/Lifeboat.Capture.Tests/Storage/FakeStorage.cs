using Lifeboat.Capture.Storage;
using Lifeboat.Capture.Targets;

namespace Lifeboat.Capture.Tests.Storage;

/// <summary>A folder that looks like sysfs with block devices in it, and what lies on them.</summary>
internal sealed class FakeStorage : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, DeviceContent> _contents = new(StringComparer.Ordinal);

    public string System => _folder.Path;

    /// <summary>A disk, or a partition where <paramref name="of"/> names the disk.</summary>
    public FakeStorage Disk(string name, string kind = "", string uuid = "", string? of = null, string? wwid = null)
    {
        string place = $"devices/block/{(of is null ? "" : of + "/")}{name}";
        Directory.CreateDirectory(_folder.Combine(place));
        Directory.CreateDirectory(_folder.Combine("class/block"));
        Directory.CreateSymbolicLink(_folder.Combine("class/block", name), _folder.Combine(place));
        if (of is not null)
        {
            _folder.Write($"{place}/partition", "1\n");
        }

        if (wwid is not null)
        {
            _folder.Write($"{place}/device/wwid", wwid + "\n");
        }

        if (kind.Length > 0)
        {
            _contents[name] = new DeviceContent(kind, uuid, "");
        }

        return this;
    }

    /// <summary>A device of device-mapper.</summary>
    public FakeStorage Mapped(string name, string title, string uuid, params string[] slaves)
    {
        Disk(name);
        _folder.Write($"devices/block/{name}/dm/name", title + "\n");
        _folder.Write($"devices/block/{name}/dm/uuid", uuid + "\n");
        return Below(name, slaves);
    }

    /// <summary>An array of mdraid.</summary>
    public FakeStorage Array(string name, string level, string form, params string[] slaves)
    {
        Disk(name);
        _folder.Write($"devices/block/{name}/md/level", level + "\n");
        _folder.Write($"devices/block/{name}/md/metadata_version", form + "\n");
        return Below(name, slaves);
    }

    /// <summary>Says what lies on a device.</summary>
    public FakeStorage Holds(string name, string kind, string uuid)
    {
        _contents[name] = new DeviceContent(kind, uuid, "");
        return this;
    }

    /// <summary>A module that is loaded, or that is built in.</summary>
    public FakeStorage Module(string name, bool isLoaded = true)
    {
        Directory.CreateDirectory(_folder.Combine("module", name));
        if (isLoaded)
        {
            _folder.Write($"module/{name}/initstate", "live\n");
        }

        return this;
    }

    /// <summary>Puts files where programs are looked for; gives the folder that stands for the machine's.</summary>
    public string Root(params string[] paths)
    {
        foreach (string path in paths)
        {
            _folder.Write($"root/{path}", "");
        }

        return Directory.CreateDirectory(_folder.Combine("root")).FullName;
    }

    public FakeStorage Below(string name, params string[] slaves)
    {
        Directory.CreateDirectory(_folder.Combine("devices/block", name, "slaves"));
        foreach (string slave in slaves)
        {
            Directory.CreateSymbolicLink(_folder.Combine("devices/block", name, "slaves", slave), _folder.Combine("class/block", slave));
        }

        return this;
    }

    public StorageStack Stack(string device) => StorageStack.Of([device], name => _contents.GetValueOrDefault(name), System);

    public void Dispose() => _folder.Dispose();
}
