using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;

namespace Orleans.Inference.ExtProcGateway.Tests.Protocol;

/// <summary>Reads what a test wants of answers.</summary>
internal static class Answers
{
    /// <summary>The one value that a mutation sets a header to.</summary>
    public static string Header(HeaderMutation mutation, string key) =>
        Assert.Single(mutation.SetHeaders, h => h.Header.Key == key).Header.RawValue.ToStringUtf8();

    public static bool Sets(HeaderMutation mutation, string key) => mutation.SetHeaders.Any(h => string.Equals(h.Header.Key, key, StringComparison.OrdinalIgnoreCase));

    /// <summary>Where the request goes.</summary>
    public static string Destination(ProcessingResponse answer) =>
        answer.DynamicMetadata.Fields["envoy.lb"].StructValue.Fields["x-gateway-destination-endpoint"].StringValue;

    /// <summary>The mutation of an answer to headers.</summary>
    public static HeaderMutation Mutation(ProcessingResponse answer) => (answer.RequestHeaders ?? answer.ResponseHeaders).Response.HeaderMutation;

    public static StreamedBodyResponse Streamed(ProcessingResponse answer) =>
        (answer.RequestBody ?? answer.ResponseBody).Response.BodyMutation.StreamedResponse;

    /// <summary>The bodies of streamed answers, joined.</summary>
    public static string Text(IEnumerable<ProcessingResponse> answers) => string.Concat(answers.Select(answer => Streamed(answer).Body.ToStringUtf8()));
}
