using System.Text;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Loading;
using Lifeboat.Kexec.Tests.Support;

namespace Lifeboat.Kexec.Tests.Loading;

public sealed class LoadFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lifeboat-load-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Several_ramdisks_are_joined_at_multiples_of_four()
    {
        var files = new LoadFiles();
        Assert.Equal("12345\0\0\0xy\0\0", Encoding.ASCII.GetString(files.Join([Write("a", "12345"), Write("b", "xy")]).Span));
        Assert.True(files.Join([]).IsEmpty);
        Assert.False(files.HaveChanged());
    }

    [Fact]
    public void After_a_change_copies_are_what_the_files_are_then()
    {
        string path = Write("a", "before");
        var files = new LoadFiles();
        Assert.Equal("before", Encoding.ASCII.GetString(files.Join([path]).Span));
        Assert.False(files.HaveChanged());
        Write("a", "after!");
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        Assert.SkipUnless(files.HaveChanged(), "the kernel cannot fill a mapping ahead");
        files.Copy();
        ReadOnlyMemory<byte> copy = files.Read(path);
        Assert.False(files.HaveChanged());
        Write("a", "later!");
        Assert.Equal("after!", Encoding.ASCII.GetString(copy.Span));
    }

    [Fact]
    public void A_kernel_is_opened_once_and_once_more_of_its_copy()
    {
        var files = new LoadFiles();
        string path = Write("a", "no kernel");
        Assert.Throws<DiagnosticException>(() => files.OpenKernel(path));
        File.WriteAllBytes(path, BzImageWriter.Write());
        KernelFile kernel = files.OpenKernel(path);
        Assert.Same(kernel, files.OpenKernel(path));
        files.Copy();
        Assert.NotSame(kernel, files.OpenKernel(path));
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
