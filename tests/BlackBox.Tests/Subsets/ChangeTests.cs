using System.Net;
using System.Text;
using Google.Protobuf.WellKnownTypes;
using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Subsets;

/// <summary>Changes of manifests reach the requests that follow.</summary>
public sealed class ChangeTests(ChangingPicker picker) : IClassFixture<ChangingPicker>
{
    [Fact]
    public async Task Pool_ThatComesAndEmpties_IsServedAndRefused()
    {
        var client = picker.ClientOf("epp-new");
        await UntilAsync(client, "m", refusal: 503);
        picker.WritePool("new", "epp-new", picker.Port);
        var server = (await picker.AddPodAsync("new-0", "new", picker.Port)).Single();
        await UntilAsync(client, "m", server.Address);

        picker.Manifests.DeletePod("new-0", "ns");
        await UntilAsync(client, "m", refusal: 503);
        Assert.Equal(
            new Refusal(500, "inference error: Internal - no pods available in datastore"), Refusal.Of(await client.GetAsync()));

        var next = (await picker.AddPodAsync("new-1", "new", picker.Port)).Single();
        await UntilAsync(client, "m", next.Address);
    }

    [Fact]
    public async Task Pod_ThatIsNotReady_IsNotPicked()
    {
        picker.WritePool("probed", "epp-probed", picker.Port);
        var client = picker.ClientOf("epp-probed");
        picker.Manifests.WritePod("probed-0", picker.NextAddress(), "probed", "ns", ready: false);
        var ready = (await picker.AddPodAsync("probed-1", "probed", picker.Port)).Single();

        await UntilAsync(client, "m", ready.Address);
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(ready.Address, (await client.PickAsync(Exchanges.Prompt("m"))).Destination);
            Assert.Equal(ready.Address, (await client.GetAsync()).SetHeader("x-gateway-destination-endpoint"));
        }
    }

    [Fact]
    public async Task Pod_WithAnIPv6Address_IsNamedInBrackets()
    {
        // It is served before it has been scraped, so nothing needs to listen there.
        picker.WritePool("six", "epp-six", picker.Port);
        picker.Manifests.WritePod("six-0", IPAddress.Parse("fd00:db8::7"), "six", "ns");
        picker.Manifests.WritePod("six-1", IPAddress.Parse("fd00:db8::8"), "six", "ns");
        var client = picker.ClientOf("epp-six");
        await picker.Picker.AwaitPickAsync(PickerFixture.AuthorityOf("epp-six"));
        var (first, second) = ($"[fd00:db8::7]:{picker.Port}", $"[fd00:db8::8]:{picker.Port}");

        Assert.Contains((await client.PickAsync(Exchanges.Prompt("m"))).Destination, new[] { first, second });
        foreach (var subset in new[] { first, "fd00:db8::7", "[fd00:db8::7]" })
        {
            await Bounds.UntilAsync(async () => await PickWithinAsync(client, subset) == first, $"the subset {subset} has the first");
            for (var i = 0; i < 20; i++)
            {
                Assert.Equal(first, await PickWithinAsync(client, subset));
            }
        }
    }

    [Fact]
    public async Task Rewrite_ThatComesChangesAndGoes_IsApplied()
    {
        var client = picker.ClientOf(ChangingPicker.Service);
        picker.Manifests.Write("rewrite.yaml", Rewrite("first"));
        await UntilTargetAsync(client, "first");
        picker.Manifests.Write("rewrite.yaml", Rewrite("second"));
        await UntilTargetAsync(client, "second");
        picker.Manifests.Write("rewrite.yaml", Rewrite("third", apiVersion: "inference.networking.x-k8s.io/v1alpha2"));
        await UntilTargetAsync(client, "third");
        picker.Manifests.Write("rewrite.yaml", Rewrite("fourth", pool: "another"));
        await UntilTargetAsync(client, "rollout");
        picker.Manifests.Write("rewrite.yaml", "");

        static string Rewrite(string target, string pool = "main", string apiVersion = "llm-d.ai/v1alpha2") => $$"""
            apiVersion: {{apiVersion}}
            kind: InferenceModelRewrite
            metadata: {name: rollout, namespace: ns}
            spec:
              poolRef: {name: {{pool}} }
              rules:
              - matches: [{model: {value: rollout} }]
                targets: [{modelRewrite: {{target}} }]

            """;
    }

    private static async Task<string?> PickWithinAsync(ExtProcClient client, string subset)
    {
        using var exchange = client.Open();
        exchange.Stream.Context = Exchanges.Context("envoy.lb.subset_hint", "x-gateway-destination-endpoint-subset", Value.ForList(Value.ForString(subset)));
        return (await exchange.SendRequestAsync(Exchanges.Prompt("m"))).Destination;
    }

    private static Task UntilTargetAsync(ExtProcClient client, string target) => Bounds.UntilAsync(
        async () => Encoding.UTF8.GetString((await client.PickAsync(Exchanges.Prompt("rollout"))).Body!) == Exchanges.Prompt(target), $"the model becomes {target}");

    private static Task UntilAsync(ExtProcClient client, string model, string? destination = null, int refusal = 0) => Bounds.UntilAsync(
        async () =>
        {
            var picked = await client.PickAsync(Exchanges.Prompt(model));
            return picked.Destination == destination && picked.ImmediateStatus == refusal;
        },
        $"{destination ?? "a refusal"} is the answer");
}
