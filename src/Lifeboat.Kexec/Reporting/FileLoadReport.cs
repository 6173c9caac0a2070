using System.Text;
using System.Text.Json;
using Lifeboat.Kexec.Loading;
using Lifeboat.Kexec.Planning;
using Lifeboat.Kexec.Rules;

namespace Lifeboat.Kexec.Reporting;

/// <summary>What kexec_file_load is given, for a person to read, and for a program.</summary>
public static class FileLoadReport
{
    /// <summary>Files, flags and command line, and what the kernel's rules say of them.</summary>
    public static string ToText(FileLoad load, LoaderChoice choice, IReadOnlyList<KexecRuleOutcome> rules)
    {
        string version = load.KernelVersion is null ? "" : $" ({load.KernelVersion})";
        string ramdisks = load.Ramdisks.Count > 0 ? string.Join(", ", load.Ramdisks) : "the kernel file's own";
        string note = load.IsFileItself ? "" : "\n             the kernel in it, through memory: what IMA keeps with the file stays behind";
        var text = new StringBuilder();
        text.Append($"Kernel       {load.KernelPath}{version}{note}\n"
            + $"Ramdisk      {(load.Flags.HasFlag(FileLoadFlags.NoRamdisk) ? "none" : $"{ramdisks}, {load.RamdiskSize()}")}\n"
            + $"Call         {KexecCallNames.NameOf(choice.Call)}: {choice.Reason}\n"
            + $"Flags        0x{(uint)load.Flags:x}\n"
            + "\nThe running kernel places the segments, and writes the memory map, the boot parameters and the ELF core header itself\n"
            + $"\nCommand line\n  {load.CommandLine}\n");
        RuleReport.AppendTo(text, rules);
        return text.ToString();
    }

    /// <summary>The same as one JSON document.</summary>
    public static string ToJson(FileLoad load, LoaderChoice choice, IReadOnlyList<KexecRuleOutcome> rules) => JsonSerializer.Serialize(
        new FileLoadDocument(
            KexecCallNames.NameOf(choice.Call),
            choice.Reason,
            load.KernelPath,
            load.KernelVersion,
            load.IsFileItself,
            load.Ramdisks,
            load.RamdiskSize().Value,
            $"0x{(uint)load.Flags:x}",
            load.CommandLine,
            RuleReport.ToDocuments(rules)),
        KexecJsonContext.Default.FileLoadDocument);
}
