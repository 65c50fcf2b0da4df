using System.Text;
using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Orleans.Inference.Simulator.ExtProc;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Support;

/// <summary>What many tests send and read.</summary>
internal static class Exchanges
{
    public const string Completions = "/v1/completions";
    public const string Chat = "/v1/chat/completions";

    /// <summary>A path that no parser claims but the fallback.</summary>
    public const string Opaque = "/opaque/path";

    /// <summary>A small body of <see cref="Completions"/>.</summary>
    public static string Prompt(string model, string more = "") => $$"""{"model":"{{model}}","prompt":"hello"{{more}}}""";

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>A whole request phase on a stream of its own, which is reset then.</summary>
    public static async Task<PickedRequest> PickAsync(
        this ExtProcClient client, string body, string path = Completions, params IEnumerable<(string Name, string Value)> headers)
    {
        using var exchange = client.Open();
        return await exchange.SendRequestAsync(body, ExtProcExchange.Headers(path, "POST", headers));
    }

    /// <summary>The refusal of a request that must be refused, after which the stream must end with OK.</summary>
    public static async Task<Refusal> RefuseAsync(
        this ExtProcClient client, string body, string path = Completions, params IEnumerable<(string Name, string Value)> headers)
    {
        using var exchange = client.Open();
        var picked = await exchange.SendRequestAsync(body, ExtProcExchange.Headers(path, "POST", headers));
        Assert.Single(picked.Answers);
        var refusal = Refusal.Of(picked.Immediate);
        Assert.Null(await exchange.TryReadAsync());
        return refusal;
    }

    /// <summary>The answer to a request without a body.</summary>
    public static async Task<ProcessingResponse> GetAsync(this ExtProcClient client, params IEnumerable<(string Name, string Value)> headers)
    {
        using var exchange = client.Open();
        await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers("/v1/models", "GET", headers), endOfStream: true);
        return await exchange.ReadAsync();
    }

    /// <summary>
    /// The next answer, which must not have come yet: what was sent before has been handled when another stream of the connection has been served.
    /// </summary>
    public static async Task<Task<ProcessingResponse?>> ExpectSilenceAsync(this ExtProcExchange exchange, ExtProcClient client)
    {
        var next = exchange.TryReadAsync();
        await client.GetAsync();
        await client.GetAsync();
        Assert.False(next.IsCompleted, "An answer came before its time.");
        return next;
    }

    /// <summary>The status with which the picker ends a stream in the midst of a message.</summary>
    public static async Task<StatusCode> FailAsync(this ExtProcExchange exchange, byte[] body)
    {
        var answer = exchange.TryReadAsync();
        try
        {
            await exchange.SendRequestBodyAsync(body, endOfStream: true);
        }
        catch (RpcException)
        {
            // Of the rest that nobody wants any more; the status comes with the answer.
        }

        return (await Assert.ThrowsAsync<RpcException>(() => answer)).StatusCode;
    }

    /// <summary>The next answers.</summary>
    public static async Task<List<ProcessingResponse>> ReadManyAsync(this ExtProcExchange exchange, int count)
    {
        var answers = new List<ProcessingResponse>();
        while (answers.Count < count)
        {
            answers.Add(await exchange.ReadAsync());
        }

        return answers;
    }

    /// <summary>All answers until the picker ends the stream with OK.</summary>
    public static async Task<List<ProcessingResponse>> ReadAllAsync(this ExtProcExchange exchange)
    {
        var answers = new List<ProcessingResponse>();
        while (await exchange.TryReadAsync() is { } answer)
        {
            answers.Add(answer);
        }

        return answers;
    }

    /// <summary>Headers that an answer sets, in order.</summary>
    public static List<(string Name, string Value)> SetHeaders(this ProcessingResponse answer) =>
        [.. (MutationOf(answer)?.SetHeaders ?? []).Select(option => (option.Header.Key, ExtProcMessages.ValueOf(option.Header)))];

    /// <summary>The one value that an answer sets for a header; null where it sets none.</summary>
    public static string? SetHeader(this ProcessingResponse answer, string name) =>
        answer.SetHeaders().Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value).SingleOrDefault();

    /// <summary>The piece of a body that an answer passes on.</summary>
    public static StreamedBodyResponse Piece(this ProcessingResponse answer)
    {
        var common = answer.ResponseCase switch
        {
            ProcessingResponse.ResponseOneofCase.RequestBody => answer.RequestBody.Response,
            ProcessingResponse.ResponseOneofCase.ResponseBody => answer.ResponseBody.Response,
            _ => throw new InvalidOperationException($"An answer out of place: {answer}"),
        };
        Assert.Equal(BodyMutation.MutationOneofCase.StreamedResponse, common.BodyMutation.MutationCase);
        return common.BodyMutation.StreamedResponse;
    }

    /// <summary>Filter metadata with one value.</summary>
    public static Envoy.Config.Core.V3.Metadata Context(string space, string key, Value value) =>
        new() { FilterMetadata = { [space] = new Struct { Fields = { [key] = value } } } };

    /// <summary>Kinds of answers in order.</summary>
    public static IEnumerable<ProcessingResponse.ResponseOneofCase> Kinds(this IEnumerable<ProcessingResponse> answers) => answers.Select(answer => answer.ResponseCase);

    private static HeaderMutation? MutationOf(ProcessingResponse answer) => answer.ResponseCase switch
    {
        ProcessingResponse.ResponseOneofCase.RequestHeaders => answer.RequestHeaders.Response?.HeaderMutation,
        ProcessingResponse.ResponseOneofCase.RequestBody => answer.RequestBody.Response?.HeaderMutation,
        ProcessingResponse.ResponseOneofCase.ResponseHeaders => answer.ResponseHeaders.Response?.HeaderMutation,
        ProcessingResponse.ResponseOneofCase.ResponseBody => answer.ResponseBody.Response?.HeaderMutation,
        ProcessingResponse.ResponseOneofCase.ImmediateResponse => answer.ImmediateResponse.Headers,
        _ => null,
    };
}
