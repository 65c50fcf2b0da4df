namespace Orleans.Inference.ExtProcGateway.Http2;

/// <summary>Something that work is posted for; the work is dropped when it is over by then.</summary>
internal interface ITurnMember
{
    bool IsOver { get; }
}
