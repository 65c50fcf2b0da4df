namespace Orleans.Inference.ExtProcGateway.Hosting.Flags;

/// <summary>The flags of discovery and scraping.</summary>
internal static class DiscoveryFlags
{
    public static IEnumerable<Flag> All { get; } =
    [
        FlagOf.Text(
            "--manifests",
            "",
            "File or folder of Kubernetes-shaped YAML to find pools and pods in, instead of an API server; watched.",
            (v, text) => v.Options.Discovery.Manifests = text.Length == 0 ? null : text),
        FlagOf.Checked(
            "--endpoint-selector",
            "",
            "Serve the pods that this label selector (app=vllm,tier!=test) selects, without an InferencePool; needs --endpoint-target-ports.",
            SetSelector),
        FlagOf.Checked("--endpoint-target-ports", "", "Ports of those pods, 1 to 8, separated by commas.", (v, text) => AddPorts(v.Options.Discovery, text), repeatable: true),
        FlagOf.Duration(
            "--refresh-metrics-interval",
            ProcessOptions.MinRefreshMetricsInterval,
            "Time between two scrapes of a model server; at least 50ms.",
            (v, time) => v.Options.RefreshMetricsInterval = time),
        FlagOf.Checked(
            "--model-server-metrics-scheme",
            "http",
            "Scheme of the model servers' metrics, http or https.",
            (v, text) => SetScheme(v.Options, text)),
        FlagOf.Bool(
            "--model-server-metrics-https-insecure-skip-verify",
            true,
            "With https, trust any certificate of the model servers; else one that the system trusts and that names the server's address.",
            (v, on) => v.Options.ModelServerMetricsInsecureSkipVerify = on),
        FlagOf.Checked("--model-server-metrics-path", "/metrics", "Path of the model servers' metrics.", (v, text) => SetMetricsPath(v.Options, text)),
        FlagOf.Port(
            "--model-server-metrics-port",
            0,
            "Port of the model servers' metrics; 0 means the serving port.",
            (v, port) => v.Options.ModelServerMetricsPort = port),
        FlagOf.Checked(
            "--filtered-scrape",
            "auto",
            "Ask a model server only for the metrics that are read: auto (where it can answer that) or never.",
            (v, text) => SetFilteredScrape(v.Options, text)),
    ];

    private static string? SetSelector(FlagValues values, string text)
    {
        values.EndpointSelectorGiven = text.Length > 0;
        if (!LabelSelector.TryParse(text, out var selector, out var fault))
        {
            return $"\"{fault}\" is no requirement of a label selector (such as k=v, k!=v, k in (v,w), !k)";
        }

        values.Options.Discovery.EndpointSelector = values.EndpointSelectorGiven ? selector : null;
        return null;
    }

    private static string? AddPorts(DiscoveryOptions options, string text)
    {
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // The reference takes 0 too, but nothing serves there.
            if (FlagOf.ParsePort(part) is not { } port || port == 0)
            {
                return $"\"{part}\" is no port (1 to 65535)";
            }

            if (!options.EndpointTargetPorts.Contains(port))
            {
                options.EndpointTargetPorts = options.EndpointTargetPorts.Add(port);
            }
        }

        return null;
    }

    private static string? SetScheme(ProcessOptions options, string text)
    {
        options.ModelServerMetricsHttps = text == "https";
        return text is "http" or "https" ? null : $"\"{text}\" is neither http nor https";
    }

    private static string? SetMetricsPath(ProcessOptions options, string text)
    {
        options.ModelServerMetricsPath = text;

        // It goes into the request's first line as it is.
        return text.StartsWith('/') && !text.AsSpan().ContainsAnyExceptInRange('!', '~') ? null : $"\"{text}\" is no path (such as /metrics)";
    }

    private static string? SetFilteredScrape(ProcessOptions options, string text)
    {
        options.FilteredScrape = text == "auto";
        return text is "auto" or "never" ? null : $"\"{text}\" is neither auto nor never";
    }
}
