namespace Orleans.Inference.Simulator.Engine;

/// <summary>How a sequence ended.</summary>
public enum FinishReason
{
    /// <summary>It has not ended.</summary>
    None,

    /// <summary>The model ended it.</summary>
    Stop,

    /// <summary>It reached the number of tokens asked for.</summary>
    Length,

    /// <summary>The client left.</summary>
    Abort,
}
