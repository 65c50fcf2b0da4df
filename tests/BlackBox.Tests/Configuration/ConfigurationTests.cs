using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Configuration;

/// <summary>The process with an EndpointPickerConfig.</summary>
public sealed class ConfigurationTests : IDisposable
{
    private const string Head = "apiVersion: llm-d.ai/v1alpha1\nkind: EndpointPickerConfig\n";

    private const string ByHeader = Head + """
        plugins:
        - type: header-based-testing-filter
        - type: random-picker
        - type: destination-endpoint-served-verifier
        schedulingProfiles:
        - name: default
          plugins:
          - pluginRef: header-based-testing-filter
          - pluginRef: random-picker

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("configuration-").FullName;

    private string ConfigFile => Path.Combine(_folder, "config.yaml");

    [Fact]
    public async Task ConfigText_HeaderBasedTestingFilter_SendsEachRequestWhereItsHeaderSays()
    {
        var picker = await ConfiguredPicker.StartAsync("--config-text", ByHeader);
        try
        {
            foreach (var server in picker.Servers)
            {
                Assert.Equal(server, await DestinationAsync(picker, ("test-epp-endpoint-selection", server)));
                Assert.Equal(server, await DestinationAsync(picker, ("Test-EPP-Endpoint-Selection", $"10.1.2.3, {server}")));
            }

            var refusal = await picker.Client.RefuseAsync(Exchanges.Prompt("m"));
            Assert.Equal(429, refusal.Status);
            Assert.Equal("inference error: ResourceExhausted - no endpoints available for the given request", refusal.Body);
        }
        finally
        {
            await picker.DisposeAsync();
        }
    }

    [Fact]
    public async Task ConfigText_DestinationServedVerifier_TellsTheClientWhoAnswered()
    {
        var picker = await ConfiguredPicker.StartAsync("--config-text", ByHeader);
        try
        {
            using var exchange = picker.Client.Open();
            await exchange.SendRequestAsync(Exchanges.Prompt("m"), ExtProcExchange.Headers(Exchanges.Completions, "POST", ("test-epp-endpoint-selection", picker.Servers[0])));
            var answered = await exchange.SendResponseAsync(200, [], "{}");

            // This client names no server in the response's metadata, as Envoy would.
            Assert.Equal("fail: missing envoy lb metadata", answered.SetHeaders["x-conformance-test-served-endpoint"]);
        }
        finally
        {
            await picker.DisposeAsync();
        }
    }

    [Fact]
    public async Task ConfigText_OneParser_LeavesOnlyItsPaths()
    {
        var picker = await ConfiguredPicker.StartAsync("--config-text", Head + "plugins: [{type: sglanghttp-parser}]\nrequestHandler: {parsers: [{pluginRef: sglanghttp-parser}]}\n");
        try
        {
            using var exchange = picker.Client.Open();
            var picked = await exchange.SendRequestAsync("""{"input_ids":[1,2,3]}""", ExtProcExchange.Headers("/generate"));
            Assert.Contains(picked.Destination, picker.Servers);

            var refusal = await picker.Client.RefuseAsync(Exchanges.Prompt("m"));
            Assert.Equal(400, refusal.Status);
            Assert.Equal("inference error: BadRequest - no parser registered matching path suffix for: /v1/completions", refusal.Body);
        }
        finally
        {
            await picker.DisposeAsync();
        }
    }

    /// <summary>A byte order mark, a gate with a blank, a merge, a number in hex, a parser that is only named and a handler's older parameters; and figures that are stale before they are read again.</summary>
    [Fact]
    public async Task ConfigText_WrittenAsTheReferenceTakesIt_IsServedByWithWarnings()
    {
        const string Text = "\uFEFF" + Head + """
            featureGates: ["flowControl= False"]
            requestHandler: {parsers: [{pluginRef: sglanghttp-parser}]}
            plugins:
            - &picker {type: max-score-picker, parameters: {maxNumOfEndpoints: 0x1}}
            - {<<: *picker, name: other}
            - {type: disagg-profile-handler, parameters: {decodeProfile: main}}
            schedulingProfiles:
            - {name: main, plugins: [{pluginRef: other}]}

            """;
        var picker = await ConfiguredPicker.StartAsync("--config-text", Text, "--refresh-metrics-interval", "1s");
        try
        {
            await picker.Picker.Program.WaitForLineAsync("--config-text:1:1: plugin 'utilization-detector': figures count as stale after 200ms, and they are read every 1s (--refresh-metrics-interval)");
            await picker.Picker.Program.WaitForLineAsync("--config-text:8:62: plugin 'disagg-profile-handler': decodeProfile is deprecated; use profiles.decode");

            using var exchange = picker.Client.Open();
            var picked = await exchange.SendRequestAsync("""{"input_ids":[1,2,3]}""", ExtProcExchange.Headers("/generate"));
            Assert.Contains(picked.Destination, picker.Servers);
            Assert.Equal(400, (await picker.Client.RefuseAsync(Exchanges.Prompt("m"))).Status);
        }
        finally
        {
            await picker.DisposeAsync();
        }
    }

    [Fact]
    public async Task ConfigFile_Changes_AreServedBy_AndFaultyOnesAreNot()
    {
        await File.WriteAllTextAsync(ConfigFile, ByHeader);
        var picker = await ConfiguredPicker.StartAsync("--config-file", ConfigFile);
        try
        {
            var second = picker.Servers[1];
            Assert.Equal(second, await DestinationAsync(picker, ("test-epp-endpoint-selection", second)));

            // 1. A faulty one: told with its place, and not served by.
            await ReplaceAsync(ByHeader.Replace("pluginRef: random-picker", "pluginRef: best-picker", StringComparison.Ordinal));
            await picker.Picker.Program.WaitForLineAsync($"{ConfigFile}:11:16: schedulingProfiles[0].plugins[1].pluginRef: there is no plugin 'best-picker'");
            await picker.Picker.Program.WaitForLineAsync("is not applied; the last good configuration goes on counting");
            Assert.Equal(second, await DestinationAsync(picker, ("test-epp-endpoint-selection", second)));
            Assert.Equal(429, (await picker.Client.RefuseAsync(Exchanges.Prompt("m"))).Status);

            // 2. A good one: served by without the filter.
            await ReplaceAsync(Head + "plugins: [{type: queue-scorer}]\n");
            await picker.Picker.Program.WaitForLineAsync($"{ConfigFile} has changed and is applied");
            Assert.Contains(await DestinationAsync(picker), picker.Servers);
        }
        finally
        {
            await picker.DisposeAsync();
        }
    }

    [Fact]
    public async Task ConfigFile_Changes_SessionsStayOnTheirServers()
    {
        const string Sessions = Head + "plugins: [{type: session-affinity-filter, parameters: {strategy: session_id}}, {type: random-picker}]\n";
        await File.WriteAllTextAsync(ConfigFile, Sessions);
        var picker = await ConfiguredPicker.StartAsync("--config-file", ConfigFile, "--allow-experimental-plugins");
        try
        {
            var before = await DestinationsAsync();

            await ReplaceAsync(Sessions.Replace("random-picker", "max-score-picker", StringComparison.Ordinal));
            await picker.Picker.Program.WaitForLineAsync($"{ConfigFile} has changed and is applied");

            Assert.Equal(before, await DestinationsAsync());
        }
        finally
        {
            await picker.DisposeAsync();
        }

        // Twenty sessions that begin anew would all find their server again once in 3^20 times.
        async Task<List<string?>> DestinationsAsync()
        {
            var destinations = new List<string?>();
            for (var session = 0; session < 20; session++)
            {
                destinations.Add(await DestinationAsync(picker, ("x-session-id", $"s{session}")));
            }

            return destinations;
        }
    }

    [Fact]
    public async Task Start_FaultyConfiguration_IsRefusedWithAllFaults()
    {
        await File.WriteAllTextAsync(ConfigFile, Head + """
            plugins:
            - type: queue-scorer
              parameters: {weight: 2}
            - type: topology-extractor
            schedulingProfiles:
            - name: default
              plugins:
              - pluginRef: queue

            """);
        await using var silo = ChildProcess.StartDotnet(RepositoryPaths.Silo, "--manifests", _folder, "--config-file", ConfigFile, "--cert-path", _folder);

        Assert.Equal(2, await silo.WaitForExitAsync());
        Assert.Contains("The silo does not start:", silo.Output, StringComparison.Ordinal);
        Assert.Contains($"{ConfigFile}:5:16: unknown field parameters.weight", silo.Output, StringComparison.Ordinal);
        Assert.Contains($"{ConfigFile}:6:9: plugin type 'topology-extractor' is known to the reference picker, but not implemented here", silo.Output, StringComparison.Ordinal);
        Assert.Contains($"{ConfigFile}:10:16: schedulingProfiles[0].plugins[0].pluginRef: there is no plugin 'queue'", silo.Output, StringComparison.Ordinal);
        Assert.Contains("--cert-path: there is no", silo.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NoConfigFileThere_IsRefused()
    {
        await using var silo = ChildProcess.StartDotnet(RepositoryPaths.Silo, "--manifests", _folder, "--config-file", ConfigFile);

        Assert.Equal(2, await silo.WaitForExitAsync());
        Assert.Contains($"--config-file: {ConfigFile} can't be read", silo.Output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<string?> DestinationAsync(ConfiguredPicker picker, params (string Name, string Value)[] headers) =>
        (await picker.Client.PickAsync(Exchanges.Prompt("m"), Exchanges.Completions, headers)).Destination;

    private async Task ReplaceAsync(string text)
    {
        var temporary = ConfigFile + ".new";
        await File.WriteAllTextAsync(temporary, text);
        File.Move(temporary, ConfigFile, overwrite: true);
    }
}
