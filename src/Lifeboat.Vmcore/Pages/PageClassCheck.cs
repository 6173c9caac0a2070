using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Vmcore.Pages;

/// <summary>Finds out which classes of pages can be told apart in a dump, without going over its pages.</summary>
public static class PageClassCheck
{
    /// <summary>Names the classes that cannot be told apart, with the keys that are missing for it.</summary>
    /// <param name="dump">The dump; used by the caller's thread only.</param>
    /// <param name="layouts">Asked for what VMCOREINFO lacks; null to go by VMCOREINFO alone.</param>
    /// <returns>One for each class that is kept; none when all can be told apart.</returns>
    public static IReadOnlyList<Diagnostic> FindKept(DumpSource dump, Func<DumpSource, IKernelLayouts?>? layouts)
    {
        ArgumentNullException.ThrowIfNull(dump);
        var notices = new List<Diagnostic>();
        using (PageClassifier.Create(
            dump, dump.Vmcoreinfo, DumpLevel.All, notices, () => layouts?.Invoke(dump)))
        {
            return notices;
        }
    }
}
