using System.Net;
using System.Text;
using Orleans.Inference.Interop.Tests.Http;
using Orleans.Inference.Interop.Tests.ModelServers;
using Orleans.Inference.Interop.Tests.Programs;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Interop.Tests;

/// <summary>Headers that occur twice: whoever repeats each with one value loses the other.</summary>
[Collection(InteropCollection.Name)]
public sealed class HeaderTests(InteropSystem system)
{
    public static TheoryData<string> Listeners { get; } = ["full-duplex", "buffered", "buffered-partial", "streamed", "no-bodies", "no-response-body"];

    [EnvoyTheory]
    [MemberData(nameof(Listeners))]
    public async Task Answer_TwoCookiesAreSet_BothArrive(string listener)
    {
        system.Scripts["cookies"] = context =>
        {
            context.Response.Headers.SetCookie = new(["first=1; Path=/", "second=2; Path=/"]);
            context.Response.Headers["x-once"] = "kept";
            return Echo.AnswerAsync(context, "");
        };
        using var client = system.CreateClient(InteropSystem.Find(listener), HttpVersion.Version11);
        using var request = EnvoyRequests.ForScript(client, "cookies");

        using var response = await client.SendAsync(request);

        Assert.Equal(["first=1; Path=/", "second=2; Path=/"], response.Headers.GetValues("set-cookie"));
        Assert.Equal(["kept"], response.Headers.GetValues("x-once"));
    }

    [EnvoyTheory]
    [MemberData(nameof(Listeners))]
    public async Task Request_HeaderOccursTwice_BothValuesArrive(string listener)
    {
        var body = Encoding.ASCII.GetString(Bodies.OfLength(100));

        var answer = await RawHttp11.SendAsync(
            system.Envoy.PortOf(InteropSystem.Find(listener)),
            $"POST {Bodies.CompletionsPath} HTTP/1.1\r\ncontent-length: {body.Length}\r\nx-twice: one\r\nx-once: kept\r\nx-twice: two\r\n",
            body,
            Bounds.Token());

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        var echo = Echo.Parse(Encoding.UTF8.GetBytes(answer[answer.IndexOf('{', StringComparison.Ordinal)..(answer.LastIndexOf('}') + 1)]));
        Assert.Equal("one,two", echo.Headers["x-twice"]);
        Assert.Equal("kept", echo.Headers["x-once"]);
    }
}
