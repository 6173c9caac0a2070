namespace Lifeboat.Machine.Tests;

/// <summary>A dump that a drill's guest saved.</summary>
internal sealed record CapturedDump(TestKernel Kernel, DrillResult Drill, string Folder)
{
    public string Path => System.IO.Path.Combine(Folder, "vmcore.kdump");

    public string Log => System.IO.Path.Combine(Folder, "dmesg.txt");
}
