using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Storage;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Ramdisk;

/// <content>What the targets lie on.</content>
public sealed partial class RamdiskCheck
{
    private IReadOnlyList<StoragePlan>? _storagePlans;

    private void CheckStorage(string target, string device)
    {
        StoragePlan? plan = StoragePlan.For(StoragePlans(), target);
        foreach (StorageStep step in plan?.Steps ?? [])
        {
            if (step.Program != NvmeFabrics.Device && _ramdisk.Find(step.Program) is not { IsExecutable: true })
            {
                Tell(isError: true, CaptureDiagnostics.StorageToolMissing, $"{step.Name} could not be set up", "no such program", step.Program, BuildAgain);
            }
        }

        foreach (string host in plan?.Hosts ?? [])
        {
            CheckNetwork(host);
        }

        try
        {
            StorageStack stack = _machine.StackOf(device);
            foreach (string module in _machine.DriversOf(stack))
            {
                RequireModule(module, $"{device}, the target's device");
            }

            StoragePlanner? now = stack.Layers.Count == 0 ? null : _machine.PlanStorage(target, stack);
            foreach (string module in now?.Plan.ToText() == plan?.ToText() ? now?.Modules ?? [] : [])
            {
                RequireModule(module, $"{now!.Reason}");
            }

            if (now?.Plan.ToText() != plan?.ToText())
            {
                Tell(isError: true, CaptureDiagnostics.StorageDiffers, $"What {target} lies on is not what the ramdisk sets up",
                    StepsOf(now?.Plan), StepsOf(plan), BuildAgain);
            }
        }
        catch (DiagnosticException refusal)
        {
            foreach (Diagnostic diagnostic in refusal.Diagnostics)
            {
                _findings.Add(new SettingFinding(0, isError: true, diagnostic));
            }
        }
    }

    private static string StepsOf(StoragePlan? plan)
    {
        var names = new List<string>();
        foreach (StorageStep step in plan?.Steps ?? [])
        {
            names.Add($"{step.Name} of {step.Host ?? string.Join(", ", step.Members)}");
        }

        return names.Count == 0 ? "a disk or a partition" : string.Join("; ", names);
    }

    private IReadOnlyList<StoragePlan> StoragePlans()
    {
        try
        {
            return _storagePlans ??= _ramdisk.Storage is { } text ? StoragePlan.ParseAll(text, $"{_ramdisk.Name}:{RamdiskLayout.Storage}") : [];
        }
        catch (DiagnosticException damage)
        {
            _findings.Add(new SettingFinding(0, isError: true, damage.Diagnostics[0]));
            return _storagePlans = [];
        }
    }
}
