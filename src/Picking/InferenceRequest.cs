namespace Orleans.Inference.Picking;

/// <summary>What the decision knows of a request.</summary>
/// <remarks>Used by one request at a time; its owner resets and uses it again.</remarks>
public sealed class InferenceRequest
{
    /// <summary>The span below which the decision's spans go; null where the request is not traced.</summary>
    public System.Diagnostics.Activity? Trace { get; set; }

    /// <summary>The gateway's or client's id of the request (<c>x-request-id</c>).</summary>
    public string RequestId { get; set; } = "";

    /// <summary>The model that the model server will be asked for: a base model or a LoRA adapter; empty where the request names none.</summary>
    public string TargetModel { get; set; } = "";

    /// <summary>Negative: may be shed under load.</summary>
    public int Priority { get; set; }

    /// <summary>Size of the body in bytes.</summary>
    public long BodySize { get; set; }

    /// <summary>Makes the object ready for another request.</summary>
    public void Reset()
    {
        Trace = null;
        RequestId = "";
        TargetModel = "";
        Priority = 0;
        BodySize = 0;
    }
}
