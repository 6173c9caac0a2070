using Lifeboat.Core.Diagnostics;
using Lifeboat.Kernel.Objects;
using Lifeboat.Vmcore;

namespace Lifeboat.Kernel.Erasing;

/// <summary>Finds what directives name, in a crashed kernel's memory, by its own symbols and types.</summary>
/// <remarks>
/// <para><b>Damage.</b> What cannot be reached costs a notice; the rest is found.</para>
/// <para><b>Again.</b> In a dump where it is erased, the same search finds the same places: what leads to a secret stays.</para>
/// </remarks>
public static class EraseSearch
{
    /// <summary>Opens the kernel in a dump and searches it.</summary>
    /// <param name="dump">The dump, which stays open.</param>
    /// <param name="directives">What to look for.</param>
    /// <param name="time">Measures the time that <see cref="EraseLimits.MaxTime"/> allows.</param>
    /// <param name="limits">How much to look; null for <see cref="EraseLimits.Default"/>.</param>
    /// <param name="cancellation">Ends the search early.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static EraseFindings In(
        DumpSource dump, IReadOnlyList<EraseDirective> directives, TimeProvider time, EraseLimits? limits = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dump);
        ArgumentNullException.ThrowIfNull(directives);
        try
        {
            return directives.Count == 0 ? new EraseFindings([], [])
                : In(CrashedKernel.Open(dump), directives, time, limits, cancellation);
        }
        catch (DumpFormatException e)
        {
            return new EraseFindings(
                [],
                [
                    new Diagnostic(KernelDiagnosticIds.NotErased, "nothing can be erased: the kernel's memory cannot be found")
                    {
                        Found = e.Diagnostics[0].ToString(),
                    },
                ]);
        }
    }

    /// <summary>Searches a kernel that is open.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="directives">What to look for.</param>
    /// <param name="time">Measures the time that <see cref="EraseLimits.MaxTime"/> allows.</param>
    /// <param name="limits">How much to look; null for <see cref="EraseLimits.Default"/>.</param>
    /// <param name="cancellation">Ends the search early.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static EraseFindings In(
        CrashedKernel kernel, IReadOnlyList<EraseDirective> directives, TimeProvider time, EraseLimits? limits = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(directives);
        limits ??= EraseLimits.Default;
        var run = new EraseRun(kernel, limits);
        using var timeout = new CancellationTokenSource(limits.MaxTime, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        CancellationToken before = kernel.Space.Cancellation;
        kernel.Space.Cancellation = both.Token;
        try
        {
            foreach (EraseDirective directive in directives)
            {
                if (directive.Set is null)
                {
                    Guard(run, directive.Text, () => MemberErasing.Find(run, directive));
                    continue;
                }

                foreach (EraseSet set in EraseSets.Of(directive.Set))
                {
                    Guard(run, set.Name, () => set.Find(run));
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            run.Tell("there was no time to look further, and the rest is not erased", $"{limits.MaxTime.TotalSeconds} s");
        }
        finally
        {
            kernel.Space.Cancellation = before;
        }

        return run.Findings;
    }

    private static void Guard(EraseRun run, string name, Action find)
    {
        run.Begin(name);
        try
        {
            find();
        }
        catch (UnknownTypeException e)
        {
            run.Tell("a type that leads to it is not known, so that it is not erased", e.Message);
        }
        finally
        {
            run.End();
        }
    }
}
