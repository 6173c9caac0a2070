using Lifeboat.Capture.Network;
using Lifeboat.Capture.Settings;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Ramdisk;

/// <content>The way to the targets' hosts.</content>
public sealed partial class RamdiskCheck
{
    private IReadOnlyList<NetworkPlan>? _plans;

    /// <summary>Checks the way to one host, whatever the settings say.</summary>
    internal static IReadOnlyList<SettingFinding> OfNetwork(RamdiskContents ramdisk, RamdiskSurroundings machine, string host)
    {
        var check = new RamdiskCheck(ramdisk, machine);
        check.CheckModules([]);
        check.CheckNetwork(host);
        return check._findings;
    }

    private void CheckNetwork(string host)
    {
        if (PlanOf(host) is not { } plan)
        {
            Tell(isError: true, CaptureDiagnostics.NoNetworkPlan, $"The ramdisk does not know the way to {host}", "no plan",
                $"one in {RamdiskLayout.Network}", BuildAgain);
            return;
        }

        foreach (string module in plan.Modules)
        {
            RequireModule(module, $"the network to {host}");
        }

        try
        {
            if (_machine.PlanNetwork?.Invoke(host) is { } now && NetworkPlanDifference.Between(plan, now) is { } difference)
            {
                Tell(isError: false, CaptureDiagnostics.NetworkDiffers, $"The way to {host} has changed since the ramdisk was built",
                    difference.Before, difference.Now, BuildAgain);
            }
        }
        catch (DiagnosticException refusal)
        {
            // The network may be down for a while only: the plan in the ramdisk is as good as it was.
            foreach (Diagnostic diagnostic in refusal.Diagnostics)
            {
                Tell(isError: false, diagnostic.Id, diagnostic.What, diagnostic.Found ?? "no way now", "the way that the ramdisk has",
                    diagnostic.Remedy ?? BuildAgain);
            }
        }
    }

    private NetworkPlan? PlanOf(string host)
    {
        if (_plans is null)
        {
            try
            {
                _plans = _ramdisk.Network is { } text ? NetworkPlan.ParseAll(text, $"{_ramdisk.Name}:{RamdiskLayout.Network}") : [];
            }
            catch (DiagnosticException damage)
            {
                _plans = [];
                _findings.Add(new SettingFinding(0, isError: true, damage.Diagnostics[0]));
            }
        }

        foreach (NetworkPlan plan in _plans)
        {
            if (plan.Host == host)
            {
                return plan;
            }
        }

        return null;
    }
}
