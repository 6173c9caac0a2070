using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;

namespace Lifeboat.Vmcore.Writing;

/// <summary>Writes a dump, and again at the next level for as long as it does not fit.</summary>
internal static class LevelRaising
{
    internal static DumpWriteResult Run(DumpWriteOptions options, Func<DumpWriteOptions, DumpWriteResult> write)
    {
        var told = new List<Diagnostic>();
        DumpWriteOptions now = options;
        for (int next = 0; ; next++)
        {
            try
            {
                DumpWriteResult result = write(now);
                return result with { Level = now.Level, Notices = [.. told, .. result.Notices] };
            }
            catch (KernelInterfaceException e) when (next < options.RaiseTo.Count && IsFull(e.Errno))
            {
                told.Add(new Diagnostic(VmcoreDiagnosticIds.LevelRaised, "the dump did not fit, and was begun anew at a higher level")
                {
                    Where = e.Path,
                    Found = $"level {(int)now.Level}: {e.Errno}",
                    Expected = $"level {(int)options.RaiseTo[next]}",
                });
                now = options with { Level = options.RaiseTo[next] };
            }
        }
    }

    private static bool IsFull(Errno error) => error is Errno.ENOSPC or Errno.EDQUOT or Errno.EFBIG;
}
