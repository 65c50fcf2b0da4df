namespace Orleans.Inference.ExtProcGateway.Hosting.Flags;

/// <summary>Flags that are accepted, so that a deployment of the reference picker keeps its arguments, but do nothing yet.</summary>
internal static class InertFlags
{
    private const string DestinationKey = "x-gateway-destination-endpoint";
    private const string DestinationNamespace = "envoy.lb";

    public static IEnumerable<Flag> All { get; } =
    [
        FlagOf.Inert(FlagKind.Duration, "--reserve-deadline", "2ms", "0", "Longest wait for a reservation; 0 decides locally always."),
        FlagOf.Inert(FlagKind.Text, "--destination-endpoint-hint-key", DestinationKey, DestinationKey, "Header and metadata key of the pick; old pickers let it be chosen."),
        FlagOf.Inert(FlagKind.Text, "--destination-endpoint-hint-metadata-namespace", DestinationNamespace, DestinationNamespace, "Metadata namespace of the pick; old pickers let it be chosen."),
        FlagOf.Inert(FlagKind.Bool, "--zap-devel", "true", "true", "Development defaults of the reference picker's log."),
        FlagOf.Inert(FlagKind.Text, "--zap-stacktrace-level", "", "", "Level from which the reference picker logs stack traces."),
        FlagOf.Inert(FlagKind.Text, "--zap-time-encoding", "", "", "Form of times in the reference picker's log."),
    ];
}
