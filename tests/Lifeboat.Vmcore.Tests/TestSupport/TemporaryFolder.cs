namespace Lifeboat.Vmcore.Tests.TestSupport;

internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lifeboat-vmcore-");

    internal string File(string name) => Path.Combine(_folder.FullName, name);

    internal string Write(string name, byte[] content)
    {
        string path = File(name);
        System.IO.File.WriteAllBytes(path, content);
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
