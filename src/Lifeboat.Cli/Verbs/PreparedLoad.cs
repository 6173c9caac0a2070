using Lifeboat.Cli.Output;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Kexec.Loading;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Planning;
using Lifeboat.Kexec.Reporting;
using Lifeboat.Kexec.Rules;

namespace Lifeboat.Cli.Verbs;

/// <summary>An image as it is about to be loaded, by the call that was chosen for it.</summary>
internal sealed class PreparedLoad
{
    private readonly MachineDescription _machine;
    private readonly bool _mayChange;
    private readonly LoadFiles _files;
    private readonly Func<LoadPlan> _makePlan;
    private readonly Func<FileLoad> _makeFileLoad;

    /// <summary>Prepares it.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="choice">The call.</param>
    /// <param name="mayChange">Whether the other call may be made where the kernel turns out not to have this one.</param>
    /// <param name="files">The files that both are made of.</param>
    /// <param name="makePlan">Plans for kexec_load.</param>
    /// <param name="makeFileLoad">Prepares for kexec_file_load.</param>
    public PreparedLoad(
        MachineDescription machine, LoaderChoice choice, bool mayChange, LoadFiles files, Func<LoadPlan> makePlan, Func<FileLoad> makeFileLoad)
    {
        (_machine, Choice, _mayChange, _files, _makePlan, _makeFileLoad) = (machine, choice, mayChange, files, makePlan, makeFileLoad);
        Prepare();
    }

    /// <summary>The call, and why that one.</summary>
    public LoaderChoice Choice { get; private set; }

    /// <summary>The plan; null with kexec_file_load, where the kernel makes it.</summary>
    public LoadPlan? Plan { get; private set; }

    /// <summary>What kexec_file_load is given; null with kexec_load.</summary>
    public FileLoad? FileLoad { get; private set; }

    /// <summary>Whether the kernel would refuse it.</summary>
    public bool IsRefused => KexecRuleOutcome.FirstBroken(Rules) is not null;

    private IReadOnlyList<KexecRuleOutcome> Rules =>
        Plan?.Rules ?? KexecFileRules.Check(FileLoad!.ToCall(), KexecEnvironment.Of(_machine));

    /// <summary>Loads it.</summary>
    public void Load()
    {
        try
        {
            LoadOnce();
        }
        catch (KernelInterfaceException exception) when (exception.Errno == Errno.ENOSYS && _mayChange)
        {
            // Where the kernel's configuration is not installed, only the call itself tells.
            KexecCall other = Choice.Call == KexecCall.KexecLoad ? KexecCall.KexecFileLoad : KexecCall.KexecLoad;
            Choice = new LoaderChoice(other, $"the running kernel has no {exception.Operation}");
            Prepare();
            LoadOnce();
        }

        if (_files.HaveChanged())
        {
            _files.Copy();
            Prepare();
            LoadOnce();
        }
    }

    /// <summary>What is loaded where, and what the rules say, for a person.</summary>
    public string ToText() => Plan is { } plan
        ? $"Call         {KexecCallNames.NameOf(Choice.Call)}: {Choice.Reason}\n{LoadPlanReport.ToText(plan)}"
        : FileLoadReport.ToText(FileLoad!, Choice, Rules);

    /// <summary>The same as one JSON document.</summary>
    public string ToJson() => Plan is { } plan ? LoadPlanReport.ToJson(plan, Choice) : FileLoadReport.ToJson(FileLoad!, Choice, Rules);

    /// <summary>Tells what was left out, or may surprise.</summary>
    public void PrintNotes(Terminal terminal)
    {
        foreach (Diagnostic notice in Plan?.Notices ?? [])
        {
            terminal.Note(notice.ToString());
        }

        if (FileLoad is { IsFileItself: false } load)
        {
            terminal.Note($"the kernel in {load.KernelPath} was handed over through memory: what IMA keeps with the file stays behind");
        }
    }

    private void Prepare() =>
        (Plan, FileLoad) = Choice.Call == KexecCall.KexecLoad ? (_makePlan(), (FileLoad?)null) : (null, _makeFileLoad());

    private void LoadOnce()
    {
        if (Plan is { } plan)
        {
            KexecLoader.Load(plan);
        }
        else
        {
            KexecLoader.Load(FileLoad!);
        }
    }
}
