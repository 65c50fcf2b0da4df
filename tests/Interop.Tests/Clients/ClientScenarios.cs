using System.Text.Json;
using Orleans.Inference.Interop.Tests.Picker;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Interop.Tests.Clients;

/// <summary>What any gRPC client must see of the picker, with the client as a parameter.</summary>
internal sealed class ClientScenarios(InteropSystem system, GrpcClient client)
{
    private const int SigUsr2 = 12;
    private const string Authority = "authority=" + PickerManifests.Authority;
    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web);

    public async Task FullDuplexAsync(int size, int piece, bool gzip)
    {
        string[] options = [Authority, $"size={size}", $"piece={piece}", .. gzip ? ["gzip=1"] : Array.Empty<string>()];
        var outcome = await RunAsync("full-duplex", options);

        Assert.Equal("OK", outcome.Status);
        Assert.Equal(0, outcome.Answers);
        AssertPicked(outcome);
        Assert.Equal(outcome.Destination, outcome.Metadata);
        Assert.Equal(size, outcome.Request!.Length);
        Assert.Equal(outcome.Sent, outcome.Request.Hash);
        Assert.True(outcome.Request.Largest <= 62_000, $"a piece of {outcome.Request.Largest} bytes");
        Assert.Equal("data: first\n\n", outcome.First);
    }

    public async Task ReadsLateAsync(int size, int response)
    {
        var outcome = await RunAsync("reads-late", Authority, $"size={size}", $"response={response}");

        Assert.Equal(("OK", 0), (outcome.Status, outcome.Answers));
        Assert.Equal((size, outcome.Sent), (outcome.Request!.Length, outcome.Request.Hash));
        Assert.Equal((response, outcome.SentResponse), (outcome.Response!.Length, outcome.Response.Hash));
        await system.AwaitIdleAsync();
    }

    public async Task BufferedAsync()
    {
        var outcome = await RunAsync("buffered", Authority, "size=100000");

        Assert.Equal(("OK", 0), (outcome.Status, outcome.Answers));
        AssertPicked(outcome);
        Assert.Equal(outcome.Destination, outcome.Metadata);
    }

    public async Task BodylessAsync()
    {
        var outcome = await RunAsync("bodyless", Authority);

        Assert.Equal(("OK", 0), (outcome.Status, outcome.Answers));
        AssertPicked(outcome);
    }

    public async Task NotJsonAsync()
    {
        var outcome = await RunAsync("not-json", Authority);

        Assert.Equal(400, outcome.Http);
        Assert.StartsWith("inference error: BadRequest - ", outcome.Text, StringComparison.Ordinal);
        Assert.Equal(("OK", 0), (outcome.Status, outcome.Answers));
    }

    public async Task HalfCloseInMidBodyAsync()
    {
        var outcome = await RunAsync("half-close-in-mid-body", Authority);

        Assert.Equal(("OK", 0), (outcome.Status, outcome.Answers));
        await system.Picker.AwaitOpenStreamsAsync(0);
    }

    public async Task CancelInMidBodyAsync()
    {
        await using var process = client.Start("cancel-in-mid-body", system.Picker.GrpcPort, Authority);
        await process.WaitForLineAsync("sent");
        await system.Picker.AwaitOpenStreamsAsync(1);
        process.Signal(SigUsr2);

        var outcome = await ReadAsync(process);

        Assert.Equal(("CANCELLED", 0), (outcome.Status, outcome.Answers));
        await system.Picker.AwaitOpenStreamsAsync(0);
    }

    public async Task DeadlineAsync()
    {
        var outcome = await RunAsync("deadline", Authority);

        Assert.Equal(("DEADLINE_EXCEEDED", 0), (outcome.Status, outcome.Answers));
        await system.Picker.AwaitOpenStreamsAsync(0);
    }

    public async Task TooLargeAsync()
    {
        var outcome = await RunAsync("too-large", Authority);

        Assert.Equal(("RESOURCE_EXHAUSTED", 0), (outcome.Status, outcome.Answers));
        Assert.Contains("limit is 4194304", outcome.Details, StringComparison.Ordinal);
        await system.Picker.AwaitOpenStreamsAsync(0);
    }

    public async Task UnknownMethodAsync()
    {
        var outcome = await RunAsync("unknown-method", Authority);

        Assert.Equal("UNIMPLEMENTED", outcome.Status);
    }

    public async Task HealthCheckAsync(string service)
    {
        foreach (var port in new[] { system.Picker.HealthPort, system.Picker.GrpcPort })
        {
            var outcome = await RunAsync("health-check", port, $"service={service}");

            Assert.Equal("OK", outcome.Status);
            Assert.True(outcome.Serving);
        }
    }

    public async Task HealthListAsync()
    {
        var outcome = await RunAsync("health-list", system.Picker.HealthPort);

        Assert.Equal("OK", outcome.Status);
        Assert.Equal(1, outcome.Services!["envoy.service.ext_proc.v3.ExternalProcessor"]);
    }

    public async Task HealthWatchAsync()
    {
        foreach (var port in new[] { system.Picker.HealthPort, system.Picker.GrpcPort })
        {
            var outcome = await RunAsync("health-watch", port);

            Assert.Equal("OK", outcome.Status);
            Assert.True(outcome.Serving);
        }
    }

    private Task<ClientOutcome> RunAsync(string scenario, params string[] options) => RunAsync(scenario, system.Picker.GrpcPort, options);

    private async Task<ClientOutcome> RunAsync(string scenario, int port, params string[] options)
    {
        await using var process = client.Start(scenario, port, options);
        return await ReadAsync(process);
    }

    private static async Task<ClientOutcome> ReadAsync(ChildProcess process)
    {
        Assert.True(await process.WaitForExitAsync() == 0, process.Output);
        return JsonSerializer.Deserialize<ClientOutcome>(process.Output.Split('\n').Last(line => line.StartsWith('{')), JsonOptions)!;
    }

    private void AssertPicked(ClientOutcome outcome) => Assert.Contains(outcome.Destination, system.ModelServers.Select(server => server.Address));
}
