using System.Text;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.ExtProcGateway.Responses;

namespace Orleans.Inference.Fuzz.Targets;

/// <summary>The token usage of response bodies, of every format: pieces make no difference, and no count is negative.</summary>
internal sealed class UsageTarget : IFuzzTarget
{
    private static readonly ResponseFormat[] Formats = Enum.GetValues<ResponseFormat>();

    public string Name => "usage";

    public string Description => "response bodies of every format: pieces make no difference to their token usage";

    public IReadOnlyList<byte[]> Words { get; } =
    [
        [0x0a], [0x12], [0x10, 0x07], [0x18, 0x03], [0x20, 0x05], [0x28, 0x01], [0x0b], [0x0c], [0x80], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], [0, 0, 0, 0, 4], [1, 0, 0, 0, 4], [0, 0, 0, 0, 0],
        .. new[]
        {
            "data: ", "event: ", "\n\n", "\r\n", "[DONE]", "{\"usage\":", "{\"prompt_tokens\":7,\"completion_tokens\":3,\"total_tokens\":10}", "\"input_tokens\":5", "\"output_tokens\":6", "\"prompt_tokens_details\":{\"cached_tokens\":2}",
            "\"type\":\"message_start\"", "\"type\":\"message_delta\"", "\"type\":\"response.completed\"", "\"response\":{", "\"meta_info\":{", "null", "}", "1e3", "-1", "99999999999999999999",
        }.Select(Encoding.ASCII.GetBytes),
    ];

    public FuzzOutcome Run(byte[] input, Random random)
    {
        var told = false;
        foreach (var format in Formats)
        {
            foreach (var events in new[] { false, true })
            {
                var whole = new UsageReader(format, events);
                whole.Read(input);
                whole.End();
                var pieces = new UsageReader(format, events);
                var body = Pieces.Of(input, random);
                pieces.Read(body.Content);
                pieces.End();
                body.Release();
                told |= whole.HasUsage;
                if (whole.Usage != pieces.Usage || whole.HasUsage != pieces.HasUsage || whole.StreamedEvents != pieces.StreamedEvents)
                {
                    return FuzzOutcome.Failed($"{format}{(events ? " in events" : "")}: {whole.Usage}, {whole.StreamedEvents} events; in pieces {pieces.Usage}, {pieces.StreamedEvents}");
                }

                if (whole.Usage is { Prompt: < 0 } or { Completion: < 0 } or { Total: < 0 } or { Cached: < 0 })
                {
                    return FuzzOutcome.Failed($"{format}: {whole.Usage}");
                }
            }
        }

        return new FuzzOutcome(told, null);
    }
}
