namespace Lifeboat.Kernel.Files;

/// <summary>A file that a process has open.</summary>
/// <param name="descriptor">Its number in the process.</param>
/// <param name="file">The file.</param>
public sealed class OpenFile(int descriptor, KernelFile file)
{
    /// <summary>Its number in the process.</summary>
    public int Descriptor => descriptor;

    /// <summary>The file.</summary>
    public KernelFile File => file;

    /// <summary>Its number and path.</summary>
    public override string ToString() => $"{Descriptor} {File.Path}";
}
