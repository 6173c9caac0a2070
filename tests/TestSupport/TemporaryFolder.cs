using System.Text;

namespace Lifeboat.TestSupport;

/// <summary>A folder of one test's own, removed with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("lifeboat-test-").FullName;

    internal string Combine(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    internal string Write(string relativePath, string text) => Write(relativePath, Encoding.UTF8.GetBytes(text));

    internal string Write(string relativePath, byte[] content)
    {
        string path = Combine(relativePath);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
