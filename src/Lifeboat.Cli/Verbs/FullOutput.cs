using Lifeboat.Cli.Output;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore;

namespace Lifeboat.Cli.Verbs;

/// <summary>A dump that did not fit: what is kept of it, and what to do.</summary>
internal static class FullOutput
{
    /// <summary>Whether the disk was full, or the size reached that the dump may have.</summary>
    public static bool Is(Exception exception) => exception switch
    {
        KernelInterfaceException refusal => refusal.Errno is Errno.ENOSPC or Errno.EDQUOT or Errno.EFBIG,

        // Streams of the runtime give the error number as it is.
        IOException refusal => refusal.HResult is (int)Errno.ENOSPC or (int)Errno.EDQUOT or (int)Errno.EFBIG,
        _ => false,
    };

    public static void Tell(Exception exception, FilterRequest request, Terminal terminal)
    {
        terminal.Error(exception.Message);
        if (request.IsToStandardOutput)
        {
            terminal.Note("what went to standard output is incomplete");
        }
        else
        {
            TellKept(request.Files, terminal);
        }

        string next = request.Options.Level == DumpLevel.All || request.Options.RaiseTo.Count > 0
            ? "level 31 leaves out all that can be" : "a higher --level leaves out more, and --on-full raise goes on at one";
        terminal.Note($"{next}; lifeboat filter --dry-run says how large it would be");
    }

    private static void TellKept(IReadOnlyList<string> files, Terminal terminal)
    {
        ulong kept = 0;
        foreach (string file in files)
        {
            kept += new FileInfo(file) is { Exists: true } info ? (ulong)info.Length : 0;
        }

        string names = string.Join(' ', files);
        terminal.Note(kept == 0
            ? $"nothing of {names} could be kept"
            : $"kept what was written, {new ByteCount(kept)}: it is incomplete and says so; lifeboat info {names} tells what it has");
    }
}
