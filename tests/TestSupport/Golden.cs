using System.Runtime.CompilerServices;

namespace Lifeboat.TestSupport;

/// <summary>
/// Texts that are compared with files in a project's Goldens folder. With LIFEBOAT_UPDATE_GOLDENS=1 the files are
/// rewritten instead, and git shows what changed.
/// </summary>
internal static class Golden
{
    private static readonly bool Update = Environment.GetEnvironmentVariable("LIFEBOAT_UPDATE_GOLDENS") == "1";

    internal static void Matches(string name, string actual, [CallerFilePath] string caller = "")
    {
        string path = Path.Combine(ProjectFolder(caller), "Goldens", name);
        if (Update)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }

        Assert.True(File.Exists(path), $"{path} is missing; LIFEBOAT_UPDATE_GOLDENS=1 writes it");
        Assert.Equal(File.ReadAllText(path), actual);
    }

    private static string ProjectFolder(string file)
    {
        string? folder = Path.GetDirectoryName(file);
        while (folder is not null && Directory.GetFiles(folder, "*.csproj").Length == 0)
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException($"no project holds {file}");
    }
}
