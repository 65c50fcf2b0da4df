using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using Orleans.Inference.Simulator.ExtProc;

namespace Orleans.Inference.TestKit;

/// <summary>What a picker's answers to the response phase amount to.</summary>
public sealed class PickedResponse
{
    private readonly MemoryStream _body = new();

    /// <summary>All answers in order.</summary>
    public List<ProcessingResponse> Answers { get; } = [];

    /// <summary>Headers set, names in lower case.</summary>
    public Dictionary<string, string> SetHeaders { get; } = [];

    /// <summary>The body that goes to the client.</summary>
    public byte[] Body => _body.ToArray();

    /// <summary>Whether the response phase has been answered.</summary>
    public bool IsComplete { get; private set; }

    internal void Add(ProcessingResponse answer)
    {
        Answers.Add(answer);
        switch (answer.ResponseCase)
        {
            case ProcessingResponse.ResponseOneofCase.ResponseHeaders:
                foreach (var option in answer.ResponseHeaders.Response?.HeaderMutation?.SetHeaders ?? Enumerable.Empty<HeaderValueOption>())
                {
                    SetHeaders[option.Header.Key.ToLowerInvariant()] = ExtProcMessages.ValueOf(option.Header);
                }

                break;
            case ProcessingResponse.ResponseOneofCase.ResponseBody
                when answer.ResponseBody.Response?.BodyMutation?.StreamedResponse is { } streamed:
                _body.Write(streamed.Body.Span);
                IsComplete = streamed.EndOfStream;
                break;
            default:
                throw new InvalidOperationException($"An answer out of place: {answer}");
        }
    }
}
