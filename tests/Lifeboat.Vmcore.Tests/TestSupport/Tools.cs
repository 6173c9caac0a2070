using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Lifeboat.Vmcore.Tests.TestSupport;

/// <summary>Other programs that read and write dumps; a test that wants one that is not installed is skipped.</summary>
internal static class Tools
{
    internal const string Drgn = "/usr/bin/drgn";
    internal const string Crash = "/usr/bin/crash";
    internal const string Gdb = "/usr/bin/gdb";
    internal const string Readelf = "/usr/bin/readelf";
    internal const string InstalledMakedumpfile = "/usr/bin/makedumpfile";

    private static readonly ConcurrentDictionary<string, Version> MakedumpfileVersions = new(StringComparer.Ordinal);

    /// <summary>The installed one, or the one that LIFEBOAT_TEST_MAKEDUMPFILE names.</summary>
    internal static string Makedumpfile { get; } =
        Environment.GetEnvironmentVariable("LIFEBOAT_TEST_MAKEDUMPFILE") ?? InstalledMakedumpfile;

    internal static void Require(string program) =>
        Assert.SkipUnless(File.Exists(program), $"{program} is not installed");

    /// <summary>
    /// Whether a makedumpfile knows how a kernel marks its pages: 1.7.2 knows those up to 6.1, and 1.7.6 came after 6.12.
    /// </summary>
    internal static bool MakedumpfileKnows(string release, string? program = null)
    {
        Version version = MakedumpfileVersion(program ?? Makedumpfile);
        Version kernel = Version.Parse(string.Join('.', release.Split('.', '-').Take(2)));
        return version >= new Version(1, 7, 6) || (version >= new Version(1, 7, 2) && kernel <= new Version(6, 1));
    }

    /// <summary>Whether a makedumpfile knows page.compound_info, which kernel 7.1 has instead of compound_head.</summary>
    internal static bool MakedumpfileKnowsTails(string program) => MakedumpfileVersion(program) >= new Version(1, 7, 9);

    /// <summary>A makedumpfile that was built without a codec stores raw pages instead, and says nothing.</summary>
    internal static bool MakedumpfileHas(string codec) => !Run("/bin/sh", "-c", $"{Makedumpfile} -v 2>&1")
        .Contains($"{codec}\tdisabled", StringComparison.Ordinal);

    internal static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {errors.Result} {output}");
        return output;
    }

    /// <summary>What drgn, with debugging information, prints of a dump: the lines of a script that has it as <c>prog</c>.</summary>
    /// <param name="script">The script; its own arguments begin at sys.argv[3].</param>
    /// <param name="dump">The dump.</param>
    /// <param name="image">The kernel's image with debugging information.</param>
    /// <param name="arguments">The script's own arguments.</param>
    internal static string[] AskDrgn(string script, string dump, string image, params string[] arguments)
    {
        const string Opening = """
            import sys
            from drgn import Object, Program
            from drgn.helpers.linux import *
            prog = Program()
            prog.set_core_dump(sys.argv[1])
            try:
                prog.load_debug_info([sys.argv[2]])
            except Exception:
                pass

            """;
        return Run("/usr/bin/python3", ["-c", Opening + script, dump, image, .. arguments])
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static Version MakedumpfileVersion(string program) => MakedumpfileVersions.GetOrAdd(program, static path =>
        Version.Parse(Regex.Match(Run("/bin/sh", "-c", $"{path} -v 2>&1"), @"version (\d+\.\d+\.\d+)").Groups[1].Value));

    /// <summary>
    /// drgn reads every page it can of one dump and compares it with another; returns how many. Of an ELF dump it
    /// takes what was left out for zeros: those pages are skipped then.
    /// </summary>
    internal static ulong CompareWithDrgn(string ours, string original, ulong pages, bool skipZeros = false)
    {
        const string Script = """
            import sys
            from drgn import Program
            ours = Program(); ours.set_core_dump(sys.argv[1])
            original = Program(); original.set_core_dump(sys.argv[2])
            pages = 0
            for pfn in range(int(sys.argv[3])):
                try:
                    page = ours.read(pfn * 4096, 4096, True)
                except Exception:
                    continue
                if sys.argv[4] == 'True' and page == bytes(4096):
                    continue
                assert page == original.read(pfn * 4096, 4096, True), hex(pfn)
                pages += 1
            print(pages)
            """;
        return ulong.Parse(
            Run("/usr/bin/python3", "-c", Script, ours, original, $"{pages}", $"{skipZeros}").Trim(),
            System.Globalization.CultureInfo.InvariantCulture);
    }
}
