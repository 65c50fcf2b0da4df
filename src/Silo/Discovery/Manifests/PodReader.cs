using Orleans.Inference.Picking.Yaml;

namespace Orleans.Inference.Silo.Discovery.Manifests;

/// <summary>Reads a Pod.</summary>
internal static class PodReader
{
    public static PodObject Read(FieldReader fields, ObjectMetadata metadata, YamlIssues issues)
    {
        // What the pod runs is none of the picker's business.
        fields.Ignore("spec");
        var status = fields.Mapping("status");
        fields.WarnOfOthers();
        var pod = new PodObject { Namespace = metadata.Namespace, Name = metadata.Name, Labels = metadata.Labels, Annotations = metadata.Annotations, Deleting = metadata.Deleting };
        if (status is null)
        {
            return pod;
        }

        var ip = ReadIp(status, issues);
        var ready = ReadReady(status, issues);
        status.Ignore(
            "podIPs", "phase", "hostIP", "hostIPs", "startTime", "containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses", "qosClass", "message", "reason",
            "nominatedNodeName", "resize", "resourceClaimStatuses", "extendedResourceClaimStatus", "observedGeneration");
        status.WarnOfOthers();

        // A hand-written pod says no more than its address.
        return pod with { Ip = ip, Ready = ready ?? ip is not null };
    }

    private static string? ReadIp(FieldReader status, YamlIssues issues)
    {
        if (status.Text("podIP") is not { Length: > 0 } text)
        {
            return null;
        }

        if (PodAddress.TryParse(text, out var address))
        {
            return address;
        }

        issues.Error(status.Take("podIP")!, $"status.podIP: \"{text}\" is no IP address");
        return null;
    }

    /// <summary>Null where the pod has no conditions at all.</summary>
    private static bool? ReadReady(FieldReader status, YamlIssues issues)
    {
        bool? ready = null;
        foreach (var item in status.Items("conditions"))
        {
            ready ??= false;
            if (FieldReader.Of(item, "status.conditions[]", issues) is not { } condition)
            {
                continue;
            }

            var type = condition.RequireText("type");
            var value = condition.Require("status") is null ? null : condition.Choice("status", "True", "False", "Unknown");
            condition.Ignore("lastProbeTime", "lastTransitionTime", "message", "reason", "observedGeneration");
            condition.WarnOfOthers();
            ready = type == "Ready" ? value == "True" : ready;
        }

        return ready;
    }
}
