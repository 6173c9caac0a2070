namespace Lifeboat.Kexec.Status;

/// <summary>Small files that are there whole or not at all.</summary>
internal static class WholeFile
{
    /// <summary>Writes beside the file and puts it in its place; makes the folder.</summary>
    internal static void Write(string path, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string beside = $"{path}.{Environment.ProcessId}";
        try
        {
            File.WriteAllBytes(beside, content);
            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }
}
