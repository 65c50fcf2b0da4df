using Orleans.Inference.Simulator.Engine;

namespace Orleans.Inference.Simulator.Tests.Engine;

/// <summary>Writes down when each request's tokens came.</summary>
internal sealed class RecordingListener : IEngineListener
{
    public Dictionary<EngineRequest, List<double>> Tokens { get; } = [];

    public List<(EngineRequest Request, double At)> Ends { get; } = [];

    public int Steps { get; private set; }

    public void OnStep(BatchEngine engine) => Steps++;

    public void OnProgress(EngineRequest request, TimeSpan at)
    {
        if (request.Finish != FinishReason.Abort)
        {
            if (!Tokens.TryGetValue(request, out var times))
            {
                Tokens.Add(request, times = []);
            }

            times.Add(at.TotalMilliseconds);
        }

        if (request.Finish != FinishReason.None)
        {
            Ends.Add((request, at.TotalMilliseconds));
        }
    }
}
