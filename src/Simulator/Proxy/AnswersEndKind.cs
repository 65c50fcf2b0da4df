namespace Orleans.Inference.Simulator.Proxy;

/// <summary>Ways in which answers end.</summary>
internal enum AnswersEndKind
{
    /// <summary>All phases are answered and applied.</summary>
    Complete,

    /// <summary>The picker answers the client itself.</summary>
    Immediate,

    /// <summary>The picker has ended the stream with OK: it wants to see no more of this request.</summary>
    Closed,

    /// <summary>The stream has failed, or an answer was out of order.</summary>
    Failed,
}
