using Lifeboat.Core.Diagnostics;
using Lifeboat.Vmcore.Pages;

namespace Lifeboat.Vmcore.Writing;

/// <summary>What the reader of a dump should know of how it was made.</summary>
internal static class WriteNotices
{
    internal static void AddOfMap(PageClassifier classifier, List<Diagnostic> notices)
    {
        if (classifier.UnreadablePages > 0)
        {
            notices.Add(new Diagnostic(
                VmcoreDiagnosticIds.BadMemoryMap, "parts of the kernel's map of memory cannot be read")
            {
                Found = $"{classifier.UnreadablePages} pages, which are kept",
            });
        }

        if (classifier.DamagedPages > 0)
        {
            notices.Add(new Diagnostic(
                VmcoreDiagnosticIds.BadMemoryMap, "the kernel's map of memory contradicts itself")
            {
                Found = $"{classifier.DamagedPages} pages, which are kept",
            });
        }

        if (classifier.DamagedLists > 0)
        {
            notices.Add(new Diagnostic(
                VmcoreDiagnosticIds.BadMemoryMap, "lists of free pages break off: the free pages after that are kept")
            {
                Found = $"{classifier.DamagedLists} lists",
            });
        }
    }

    internal static void AddOfUnreadable(PageTally tally, List<Diagnostic> notices)
    {
        if (tally.Unreadable > 0)
        {
            notices.Add(new Diagnostic(
                VmcoreDiagnosticIds.UnreadablePages, "some pages could not be read and are not in the dump")
            {
                Found = $"{tally.Unreadable} pages",
            });
        }
    }
}
