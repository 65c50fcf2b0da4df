using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using Orleans.Inference.Simulator.ExtProc;

namespace Orleans.Inference.TestKit;

/// <summary>What a picker's answers to the request phase amount to.</summary>
public sealed class PickedRequest
{
    private readonly MemoryStream _body = new();

    /// <summary>All answers in order.</summary>
    public List<ProcessingResponse> Answers { get; } = [];

    /// <summary>The refusal, if it is one.</summary>
    public ImmediateResponse? Immediate { get; private set; }

    /// <summary>Status of the refusal; 0 where there is none.</summary>
    public int ImmediateStatus => (int)(Immediate?.Status?.Code ?? 0);

    /// <summary>Destination in the header set; null where there is none.</summary>
    public string? Destination { get; private set; }

    /// <summary>Destination in the dynamic metadata; null where there is none.</summary>
    public string? MetadataDestination { get; private set; }

    /// <summary>Headers set, names in lower case; of several values for a name the last.</summary>
    public Dictionary<string, string> SetHeaders { get; } = [];

    /// <summary>The body that goes to the model server; null where the picker leaves it as it is (BUFFERED).</summary>
    public byte[]? Body { get; private set; }

    /// <summary>Whether the request phase has been answered.</summary>
    public bool IsComplete { get; private set; }

    internal void Add(ProcessingResponse answer)
    {
        Answers.Add(answer);
        switch (answer.ResponseCase)
        {
            case ProcessingResponse.ResponseOneofCase.ImmediateResponse:
                Immediate = answer.ImmediateResponse;
                IsComplete = true;
                break;
            case ProcessingResponse.ResponseOneofCase.RequestHeaders:
                MetadataDestination = ExtProcMessages.MetadataDestinationOf(answer);
                AddHeaders(answer.RequestHeaders.Response?.HeaderMutation);
                break;
            case ProcessingResponse.ResponseOneofCase.RequestBody:
                AddHeaders(answer.RequestBody.Response?.HeaderMutation);
                AddBody(answer.RequestBody.Response?.BodyMutation);
                break;
            case ProcessingResponse.ResponseOneofCase.RequestTrailers:
                IsComplete = true;
                break;
            default:
                throw new InvalidOperationException($"An answer out of place: {answer}");
        }
    }

    private void AddHeaders(HeaderMutation? mutation)
    {
        foreach (var option in mutation?.SetHeaders ?? Enumerable.Empty<HeaderValueOption>())
        {
            SetHeaders[option.Header.Key.ToLowerInvariant()] = ExtProcMessages.ValueOf(option.Header);
        }

        Destination = SetHeaders.GetValueOrDefault(ExtProcMessages.DestinationEndpoint);
    }

    private void AddBody(BodyMutation? mutation)
    {
        if (mutation?.StreamedResponse is { } streamed)
        {
            _body.Write(streamed.Body.Span);
            IsComplete = streamed.EndOfStream;
            Body = _body.ToArray();
            return;
        }

        IsComplete = true;
        if (mutation?.MutationCase == BodyMutation.MutationOneofCase.Body)
        {
            Body = mutation.Body.ToByteArray();
        }
    }
}
