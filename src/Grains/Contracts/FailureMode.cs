namespace Orleans.Inference.Grains.Contracts;

/// <summary>What the proxy shall do when a pool's picker can't be asked (<c>spec.endpointPickerRef.failureMode</c>).</summary>
public enum FailureMode
{
    /// <summary>The request fails.</summary>
    FailClose = 0,

    /// <summary>The proxy sends the request to any pod of the pool.</summary>
    FailOpen = 1,
}
