using System.Text.RegularExpressions;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Drill.Tools;

namespace Lifeboat.Drill.Kernels;

/// <summary>Downloads a Debian kernel package and unpacks it into the cache; nothing is installed.</summary>
/// <param name="cacheFolder">Where unpacked packages are kept, a folder each.</param>
/// <param name="searchPath">Folders of programs, as in PATH.</param>
public sealed partial class DebianKernelPackage(string cacheFolder, string? searchPath)
{
    /// <summary>The newest kernel that <paramref name="package"/> names, itself or through the package it depends on.</summary>
    /// <param name="package">An image package, or one that depends on the newest: <c>linux-image-amd64</c>.</param>
    /// <param name="note">Told when a download starts.</param>
    /// <param name="cancellation">Ends the download; what was half unpacked is removed.</param>
    /// <exception cref="DiagnosticException">apt-get or dpkg is missing or fails, or the package has no kernel.</exception>
    public KernelTree Get(string package, Action<string> note, CancellationToken cancellation)
    {
        string image = ImagePackage(package, cancellation);
        string folder = Path.Combine(cacheFolder, "kernels", image);
        if (!Directory.Exists(folder))
        {
            note($"downloading {image} (about 100 MB, kept in {cacheFolder})");
            Download(Parts(image, cancellation), folder, cancellation);
        }

        return KernelFinder.InFolder(folder, $"Debian package {image}") ?? throw new DiagnosticException(
            new Diagnostic(DrillDiagnostics.NoKernel, $"the package {image} holds no kernel with modules")
            {
                Where = folder,
                Remedy = "Remove the folder and try again, or give a kernel with --kernel and --modules",
            });
    }

    private string ImagePackage(string package, CancellationToken cancellation)
    {
        string aptCache = Tool.Require("apt-cache", "apt", searchPath);
        ToolResult result = Tool.Run(aptCache, ["depends", "--no-recommends", "--no-suggests", package], cancellation);
        Match match = VersionedImage().Match(result.Output);
        if (match.Success)
        {
            return match.Groups[1].Value;
        }

        bool isImage = package.StartsWith("linux-image-", StringComparison.Ordinal) && char.IsAsciiDigit(package["linux-image-".Length]);
        return result.ExitCode == 0 && isImage ? package : throw new DiagnosticException(
            new Diagnostic(DrillDiagnostics.NoKernel, $"there is no kernel package {package} in this machine's package lists")
            {
                Found = result.Error.Trim(),
                Remedy = "Run apt-get update, or give a kernel with --kernel and --modules",
            });
    }

    /// <summary>The packages whose trees together are the kernel: from 7.x on an image package is empty.</summary>
    private List<string> Parts(string image, CancellationToken cancellation)
    {
        ToolResult result = Tool.Run(
            Tool.Require("apt-cache", "apt", searchPath), ["depends", "--no-recommends", "--no-suggests", image], cancellation);
        var parts = new List<string>();
        foreach (Match match in ImagePart().Matches(result.Output))
        {
            parts.Add(match.Groups[1].Value);
        }

        return parts.Count > 0 ? parts : [image];
    }

    private void Download(List<string> packages, string folder, CancellationToken cancellation)
    {
        string aptGet = Tool.Require("apt-get", "apt", searchPath);
        string dpkg = Tool.Require("dpkg", "dpkg", searchPath);
        string work = $"{folder}.unpacking-{Guid.NewGuid():N}";
        Directory.CreateDirectory(work);
        try
        {
            Tool.RunOrFail(aptGet, ["download", .. packages], cancellation, work);
            string tree = Path.Combine(work, "tree");
            foreach (string archive in Directory.EnumerateFiles(work, "*.deb"))
            {
                Tool.RunOrFail(dpkg, ["-x", archive, tree], cancellation);
            }

            if (!Directory.Exists(folder))
            {
                Directory.Move(tree, folder);
            }
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    [GeneratedRegex(@"Depends: (linux-image-\d[^\s<>]*)")]
    private static partial Regex VersionedImage();

    [GeneratedRegex(@"Depends: (linux-(?:binary|modules|base)-\d[^\s<>]*)")]
    private static partial Regex ImagePart();
}
