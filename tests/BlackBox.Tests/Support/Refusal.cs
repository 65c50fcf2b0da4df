using Envoy.Service.ExtProc.V3;
using Orleans.Inference.Simulator.ExtProc;

namespace Orleans.Inference.BlackBox.Tests.Support;

/// <summary>An immediate response, as the HTTP client sees it.</summary>
/// <param name="Reason">Value of <c>x-llm-d-request-dropped-reason</c>; null where there is none.</param>
public sealed record Refusal(int Status, string Body, string? Reason = null)
{
    private const string ReasonHeader = "x-llm-d-request-dropped-reason";

    /// <summary>Reads an answer that must be a refusal.</summary>
    public static Refusal Of(ProcessingResponse? answer)
    {
        Assert.NotNull(answer);
        Assert.Equal(ProcessingResponse.ResponseOneofCase.ImmediateResponse, answer.ResponseCase);
        return Of(answer.ImmediateResponse);
    }

    /// <inheritdoc cref="Of(ProcessingResponse)"/>
    public static Refusal Of(ImmediateResponse? immediate)
    {
        Assert.NotNull(immediate);
        Assert.All(immediate.Headers?.SetHeaders ?? [], header => Assert.Equal(ReasonHeader, header.Header.Key));
        var reasons = immediate.Headers?.SetHeaders.Where(h => h.Header.Key == ReasonHeader).Select(h => ExtProcMessages.ValueOf(h.Header)).ToList() ?? [];
        return new Refusal((int)immediate.Status.Code, immediate.Body.ToStringUtf8(), reasons.Count == 0 ? null : Assert.Single(reasons));
    }
}
