using Lifeboat.Kernel;

namespace Lifeboat.Inspect.Reporting;

/// <summary>Draws when the kernel said how much: a bar for each hundredth of the time, as high as its lines are many.</summary>
internal static class LogTimeline
{
    private const int Bars = 100;
    private const double Height = 70;
    private const double BarWidth = 10;
    private const int Error = 3;
    private const int Warning = 4;

    internal static void Write(IReadOnlyList<LogRecord> log, PanicSummary? panic, HtmlWriter page)
    {
        if (log.Count == 0)
        {
            return;
        }

        double end = Math.Max(log[^1].Timestamp.TotalSeconds, 1e-3);
        int[] lines = new int[Bars];
        int[] worst = new int[Bars];
        Array.Fill(worst, int.MaxValue);
        int most = 1;
        foreach (LogRecord record in log)
        {
            int bar = (int)Math.Clamp(record.Timestamp.TotalSeconds / end * Bars, 0, Bars - 1);
            most = Math.Max(most, ++lines[bar]);
            worst[bar] = Math.Min(worst[bar], record.Level);
        }

        page.Raw($"<h2>Log</h2><section><svg viewBox=\"0 0 1000 {Height + 16}\" role=\"img\">");
        for (int bar = 0; bar < Bars; bar++)
        {
            if (lines[bar] == 0)
            {
                continue;
            }

            double height = Height * Math.Log(lines[bar] + 1) / Math.Log(most + 1);
            string colour = worst[bar] <= Error ? "--r" : worst[bar] == Warning ? "--w" : "--a";
            page.Raw("<rect width=\"8\" x=\"").Number(bar * BarWidth).Raw("\" y=\"").Number(Height - height).Raw("\" height=\"").Number(height);
            page.Raw($"\" fill=\"var({colour})\"><title>").Number(bar * end / Bars).Raw($" s: {lines[bar]} lines</title></rect>");
        }

        if (panic?.Uptime is { } crash)
        {
            double x = Math.Clamp(crash.TotalSeconds / end, 0, 1) * 999;
            page.Raw("<path stroke=\"var(--r)\" d=\"M").Number(x).Raw($" 0V{Height}\"/>");
        }

        page.Raw($"<text y=\"{Height + 13}\">0 s</text><text x=\"1000\" y=\"{Height + 13}\" text-anchor=\"end\">").Number(end);
        page.Raw(" s</text></svg></section>\n");
    }
}
