using System.Text.Json;

namespace Lifeboat.Capture.Tests.Servers;

/// <summary>What the servers of <see cref="ServerProcess"/> have stored: names as the client gave them, and the files they lie in.</summary>
internal static class StoredUploads
{
    private const string Description = ".json";
    private const string Object = "._S3rver_object";

    /// <summary>Of a tus server, which keeps each upload as a file and a description of it beside: FOLDER/NAME.</summary>
    public static IReadOnlyDictionary<string, string> InTus(string store) =>
        Directory.EnumerateFiles(store, "*" + Description).ToDictionary(
            static file =>
            {
                JsonElement metadata = JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("metadata");
                return $"{metadata.GetProperty("folder").GetString()}/{metadata.GetProperty("filename").GetString()}";
            },
            static file => file[..^Description.Length]);

    /// <summary>Of an object store, which keeps each object as files whose names begin with the key: BUCKET/KEY.</summary>
    public static IReadOnlyDictionary<string, string> InObjectStore(string store) =>
        Directory.EnumerateFiles(store, "*" + Object, SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(store, file)[..^Object.Length]);

    /// <summary>Lays out one crash as a folder; there must be no other.</summary>
    public static string LayOut(IReadOnlyDictionary<string, string> stored, string folder)
    {
        foreach ((string name, string file) in stored)
        {
            string target = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return Assert.Single(stored.Keys.Select(Path.GetDirectoryName).Distinct(StringComparer.Ordinal).Select(path => Path.Combine(folder, path!)));
    }
}
