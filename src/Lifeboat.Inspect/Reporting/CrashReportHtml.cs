using System.Globalization;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Memory;

namespace Lifeboat.Inspect.Reporting;

/// <summary>A crash report as one HTML page that needs nothing else: no script, no font, no picture from elsewhere.</summary>
public static class CrashReportHtml
{
    private const int MostLogLines = 4000;

    private const string Head =
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <style>
        :root{color-scheme:light dark;--b:#fbfaf8;--c:#fff;--t:#1c1e22;--m:#6a6f78;--l:#e3e1dc;--r:#c0392b;--w:#b7791f;--a:#2563a8}
        @media(prefers-color-scheme:dark){:root{--b:#14161a;--c:#1c1f25;--t:#e4e6ea;--m:#8d939e;--l:#2f333b;--r:#ff7b6b;--w:#e0ad4e;--a:#7db4f0}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:72rem;padding:2rem 1.25rem;background:var(--b);color:var(--t);font:15px/1.5 system-ui,sans-serif}
        h1{margin:0;font-size:1.5rem;line-height:1.25;overflow-wrap:anywhere}
        h2{margin:2rem 0 .6rem;font-size:.8rem;letter-spacing:.06em;text-transform:uppercase;color:var(--m)}
        header{border-left:5px solid var(--r);padding:.25rem 0 .25rem 1rem}
        header p{margin:.3rem 0 0;color:var(--m);overflow-wrap:anywhere}
        section{background:var(--c);border:1px solid var(--l);border-radius:8px;padding:1rem}
        section+section{margin-top:.8rem}
        dl{display:grid;grid-template-columns:7rem 1fr;gap:.3rem 1rem;margin:0}
        dt,i{color:var(--m);font-style:normal}dd{margin:0;overflow-wrap:anywhere}
        pre,code{font:12.5px/1.5 ui-monospace,monospace;overflow-x:auto;margin:.4rem 0}
        mark{background:var(--r);color:var(--c);padding:0 .15em;border-radius:3px}
        .g{display:grid;grid-template-columns:repeat(auto-fill,minmax(14rem,1fr));gap:0 1rem}.g b{color:var(--m);font-weight:400;display:inline-block;width:4rem}
        details{border-top:1px solid var(--l);padding:.35rem 0}details:first-child{border:0}summary{cursor:pointer}
        s{text-decoration:none;color:var(--m)}
        svg{width:100%;height:auto;display:block}svg text{font:11px system-ui;fill:var(--m)}
        ul{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;margin:.6rem 0 0;padding:0;font-size:.85rem}
        ul b{display:inline-block;width:.7em;height:.7em;border-radius:2px;margin-right:.4em}
        .log{max-height:32rem;overflow:auto}.log b{font-weight:400;color:var(--r)}.log u{text-decoration:none;color:var(--w)}
        </style><title>
        """;

    // Free, cache, processes, shared, slab, stacks, other.
    private static readonly string[] Colours = ["#5fa777", "#5b8fc9", "#d98e4a", "#a177c4", "#c96567", "#7f8fa6", "#9a9a92"];

    /// <summary>Writes the page.</summary>
    public static void Write(CrashReport report, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(output);
        var page = new HtmlWriter(output);
        string headline = CrashReportText.Headline(report);
        page.Raw(Head).Text(headline).Raw("</title></head><body>\n<header><h1>").Text(headline).Raw("</h1><p>");
        page.Text(report.Panic?.Cause ?? report.Panic?.Message).Raw("</p></header>\n");
        WriteFacts(report, page);
        WriteSite(report.Site, page);
        WriteMemory(report.Memory, page);
        WriteStacks(report, page);
        LogTimeline.Write(report.Log, report.Panic, page);
        WriteLog(report, page);
        page.Raw("</body></html>\n");
    }

    private static void WriteFacts(CrashReport report, HtmlWriter page)
    {
        KernelIdentity kernel = report.Kernel;
        page.Raw("<h2>What</h2><section><dl>\n");
        page.Fact("message", report.Panic?.Message);
        page.Fact("task", CrashReportText.Task(report));
        page.Fact("kernel", $"{kernel.SystemName} {kernel.Release} {kernel.Machine} {kernel.Version}".Trim());
        page.Fact("host", kernel.NodeName);
        page.Fact("time", report.CrashTime?.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture));
        page.Fact("uptime", CrashReportText.Uptime(report));
        page.Fact("taint", report.TaintMeaning ?? report.Panic?.Taint);
        page.Fact("modules", report.Modules.Count == 0 ? null : string.Join(' ', report.Modules));
        page.Fact("bug id", report.Signature);
        page.Fact("dump", $"{report.Path}, {report.Format}{(report.IsIncomplete ? ", incomplete" : "")}, {report.FileSize} for {report.Ram} of RAM");
        foreach (Diagnostic diagnostic in report.Diagnostics)
        {
            page.Fact("note", diagnostic.ToString());
        }

        page.Raw("</dl></section>\n");
    }

    private static void WriteSite(CrashSite? site, HtmlWriter page)
    {
        if (site is null || (site.Place is null && site.Registers.Count == 0))
        {
            return;
        }

        page.Raw("<h2>Where</h2><section><dl>\n");
        page.Fact("place", site.Place ?? "in user space");
        page.Fact("address", site.FaultAddress is null ? null : $"{site.FaultAddress}: {site.FaultAddressIs}");
        page.Raw("</dl>");
        if (site.Code is { } code && code.IndexOf('<', StringComparison.Ordinal) is >= 0 and var start && start + 3 < code.Length)
        {
            page.Raw("<pre>").Text(code[..start]).Raw("<mark>").Text(code[(start + 1)..(start + 3)]).Raw("</mark>")
                .Text(code[(start + 4)..]).Raw("</pre>");
        }

        page.Raw("<pre class=\"g\">");
        foreach (ReportRegister register in site.Registers)
        {
            page.Raw("<span><b>").Text(register.Name).Raw("</b>").Text(register.Value).Raw("</span>");
        }

        page.Raw("</pre></section>\n");
    }

    private static void WriteMemory(MemoryUse? memory, HtmlWriter page)
    {
        if (memory is null || memory.Total.Value == 0)
        {
            return;
        }

        (string Name, Core.Memory.ByteCount Size)[] parts =
        [
            ("free", memory.Free), ("cache", memory.Cached), ("processes", memory.Anonymous), ("shared", memory.Shared),
            ("slab", memory.Slab), ("stacks", memory.Stacks), ("other", memory.Other),
        ];
        page.Raw("<h2>Memory</h2><section><svg viewBox=\"0 0 1000 26\" preserveAspectRatio=\"none\" role=\"img\">");
        double x = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            double width = 1000.0 * parts[i].Size.Value / memory.Total.Value;
            page.Raw("<rect height=\"26\" x=\"").Number(x).Raw("\" width=\"").Number(width).Raw("\" fill=\"").Raw(Colours[i]);
            page.Raw("\"><title>").Raw($"{parts[i].Name} {parts[i].Size}").Raw("</title></rect>");
            x += width;
        }

        page.Raw("</svg><ul>");
        for (int i = 0; i < parts.Length; i++)
        {
            page.Raw($"<li><b style=\"background:{Colours[i]}\"></b>{parts[i].Name} {parts[i].Size}</li>");
        }

        page.Raw($"<li>of {memory.Total}</li></ul></section>\n");
    }

    private static void WriteStacks(CrashReport report, HtmlWriter page)
    {
        if (report.Stacks.Count > 0)
        {
            page.Raw("<h2>CPUs</h2><section>");
            foreach (CpuStack stack in report.Stacks)
            {
                page.Stack(
                    $"CPU {stack.Cpu}: {CpuText.Task(stack)}", stack.Frames, stack.End, CpuText.Doing(stack).TrimStart(',', ' '),
                    ReferenceEquals(stack, report.Stacks[0]));
            }

            page.Raw("</section>\n");
        }

        WriteTasks($"Blocked tasks: {report.BlockedCount}", report.Blocked, page);
        WriteTasks(report.Tasks.Count < report.TaskCount ? $"Tasks: {report.Tasks.Count} of {report.TaskCount}" : $"All tasks: {report.Tasks.Count}", report.Tasks, page);
    }

    private static void WriteTasks(string title, IReadOnlyList<ReportTask> tasks, HtmlWriter page)
    {
        if (tasks.Count == 0)
        {
            return;
        }

        page.Raw("<h2>").Text(title).Raw("</h2><section>");
        foreach (ReportTask task in tasks)
        {
            string time = task.Seconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"for {seconds:0.0} s ") : "";
            page.Stack($"{task.Command} {task.Pid}", task.Frames, task.End, $"{task.State} {time}{task.WaitsIn}");
        }

        page.Raw("</section>\n");
    }

    private static void WriteLog(CrashReport report, HtmlWriter page)
    {
        int first = Math.Max(0, report.Log.Count - MostLogLines);
        page.Raw("<section class=\"log\"><pre>");
        for (int i = first; i < report.Log.Count; i++)
        {
            LogRecord record = report.Log[i];
            string tag = record.Sequence == report.Panic?.Sequence ? "mark" : record.Level <= 3 ? "b" : record.Level == 4 ? "u" : "span";
            page.Raw($"<{tag}>").Text(record.ToDmesgText()).Raw($"</{tag}>\n");
        }

        page.Raw("</pre></section>\n");
    }
}
