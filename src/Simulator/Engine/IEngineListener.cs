namespace Orleans.Inference.Simulator.Engine;

/// <summary>Learns what the engine has done.</summary>
public interface IEngineListener
{
    /// <summary>The request has one more token, or has ended, or both: <see cref="EngineRequest.Generated"/> and <see cref="EngineRequest.Finish"/> say.</summary>
    /// <remarks>Called from within the engine, in the order of the simulated time; must not call the engine.</remarks>
    /// <param name="at">Time of the event on the engine's clock; may lie before the time that <see cref="BatchEngine.Advance"/> was given.</param>
    void OnProgress(EngineRequest request, TimeSpan at);

    /// <summary>A step has ended, and the next one, if there is work, has begun.</summary>
    /// <remarks>May read the engine.</remarks>
    void OnStep(BatchEngine engine);
}
