using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Orleans.Inference.Interop.Tests.Http;
using Orleans.Inference.Interop.Tests.ModelServers;
using Orleans.Inference.Interop.Tests.Picker;
using Orleans.Inference.Interop.Tests.Programs;

namespace Orleans.Inference.Interop.Tests;

/// <summary>Bodies whose length the picker changes: a model that is served under another name, and that name in the answer.</summary>
[Collection(InteropCollection.Name)]
public sealed class RewriteTests(InteropSystem system)
{
    public static TheoryData<string, string, string, string> Cases()
    {
        var cases = new TheoryData<string, string, string, string>();
        foreach (var listener in new[] { "full-duplex", "buffered", "buffered-partial" })
        {
            foreach (var version in new[] { "1.1", "2.0" })
            {
                cases.Add(listener, version, InteropManifests.ShortModel, InteropManifests.ShortModelTarget);
                cases.Add(listener, version, InteropManifests.LongModel, InteropManifests.LongModelTarget);
            }
        }

        return cases;
    }

    [EnvoyTheory]
    [MemberData(nameof(Cases))]
    public async Task Post_ModelIsServedUnderAnotherName_BothBodiesArriveWithTheirLengths(string listener, string version, string model, string target)
    {
        var received = new TaskCompletionSource<(string Body, string? Length)>(TaskCreationOptions.RunContinuationsAsynchronously);
        system.Scripts["rewritten"] = async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            received.SetResult((await reader.ReadToEndAsync(context.RequestAborted), context.Request.Headers.ContentLength?.ToString(CultureInfo.InvariantCulture)));
            var answer = Encoding.ASCII.GetBytes(Answer(target));
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = answer.Length;
            await context.Response.Body.WriteAsync(answer, context.RequestAborted);
        };
        using var client = system.CreateClient(InteropSystem.Find(listener), new Version(version));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Bodies.CompletionsPath, UriKind.Relative))
        {
            Content = new ByteArrayContent(Encoding.ASCII.GetBytes(Request(model))),
            Version = client.DefaultRequestVersion,
            VersionPolicy = client.DefaultVersionPolicy,
        };
        request.Headers.Add(ScriptedModelServer.ScriptHeader, "rewritten");

        using var response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Answer(model), await response.Content.ReadAsStringAsync());
        var (body, length) = await received.Task;
        Assert.Equal(Request(target), body);
        Assert.Equal(listener != "buffered" ? null : body.Length.ToString(CultureInfo.InvariantCulture), length);
        await system.AwaitIdleAsync();
    }

    private static string Request(string model) => $"{{\"model\":\"{model}\",\"prompt\":\"hello\"}}";

    private static string Answer(string model) => $"{{\"id\":\"cmpl-1\",\"model\":\"{model}\",\"choices\":[{{\"text\":\"hi\"}}],\"usage\":{{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}}}";
}
