namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>What was found where a request's content belongs.</summary>
internal enum ContentState
{
    /// <summary>Not there, null or empty.</summary>
    Missing,

    /// <summary>Of another shape than the API's.</summary>
    Malformed,

    /// <summary>There.</summary>
    Present,
}
