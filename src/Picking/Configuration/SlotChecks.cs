using Orleans.Inference.Picking.Yaml;

namespace Orleans.Inference.Picking.Configuration;

/// <summary>Checks what the sections of a configuration refer to.</summary>
internal static class SlotChecks
{
    public static void CheckFlowControl(ConfigurationDocument document, PluginSet plugins, YamlIssues issues)
    {
        if (document.FeatureGates.FlowControl)
        {
            issues.Warning(document.FlowControlGateAt ?? document.Root, "flow control is not available in this version: requests are admitted as without the feature gate flowControl");
        }

        if (document.FlowControlAt is not { } at)
        {
            return;
        }

        var section = document.FlowControl;
        if (!document.FeatureGates.FlowControl && at.Fields.Any(field => field.Name.Text != "saturationDetector"))
        {
            issues.Warning(at, "flowControl is ignored, but for its saturationDetector: the feature gate flowControl is off");
        }

        Check(section.UsageLimitPolicyPluginRef, PluginRoles.UsageLimitPolicy);
        var priorities = new HashSet<int>();
        foreach (var (band, i) in section.PriorityBands.Select((band, i) => (band, i)))
        {
            if (!priorities.Add(band.Priority))
            {
                issues.Error(at.Find("priorityBands")!.Items[i], $"flowControl.priorityBands: priority {band.Priority} is given twice");
            }
        }

        foreach (var band in section.PriorityBands.Cast<PriorityBandSection?>().Append(section.DefaultPriorityBand).Append(section.DefaultNegativePriorityBand))
        {
            Check(band?.FairnessPolicyRef, PluginRoles.FairnessPolicy);
            Check(band?.OrderingPolicyRef, PluginRoles.OrderingPolicy);
        }

        void Check(PluginReference? reference, PluginRoles role)
        {
            if (reference is not null)
            {
                plugins.Find(reference, role);
            }
        }
    }

    public static void CheckDataLayer(ConfigurationDocument document, PluginSet plugins, YamlIssues issues)
    {
        var section = document.DataLayer;
        foreach (var source in section.Sources)
        {
            Check(source.PluginRef, PluginRoles.DataSource);
            foreach (var extractor in source.Extractors)
            {
                Check(extractor.PluginRef, PluginRoles.DataExtractor);
            }
        }

        if (document.DataLayerAt is not { } at)
        {
            return;
        }

        if (!section.InjectDefaults && section.Sources.IsEmpty)
        {
            issues.Warning(at, "dataLayer.injectDefaults: the model servers' metrics are read all the same");
        }

        Refuse(section.Discovery?.PluginRef, "discovery by a plugin is not available in this version; --manifests names a folder of pods");
        Warn("peerDiscovery", section.PeerDiscovery is not null);
        Warn("crossReplicaSyncerPluginRef", section.CrossReplicaSyncerPluginRef is not null);
        Warn("crossReplicaSyncInterval", section.CrossReplicaSyncInterval is not null);

        void Warn(string field, bool given)
        {
            if (given)
            {
                issues.Warning(at.Find(field)!, $"dataLayer.{field} has no effect: replicas share their state through the cluster");
            }
        }

        void Refuse(PluginReference? reference, string why)
        {
            if (reference is not null)
            {
                issues.Error(reference.At, $"{reference.Path}: {why}");
            }
        }

        void Check(PluginReference? reference, PluginRoles role)
        {
            if (reference is not null)
            {
                plugins.Find(reference, role);
            }
        }
    }
}
