namespace Orleans.Inference.Picking.Configuration;

/// <summary>A plugin that remembers something from request to request, which is not to be lost when the configuration changes.</summary>
/// <remarks>A configuration makes all its plugins anew. One that keeps nothing, or only what it works out from the view, has no need of this.</remarks>
public interface ISuccessor
{
    /// <summary>Takes over what the instance before remembers, as far as it means the same with this one's parameters, which may be others.</summary>
    /// <remarks>
    /// Called once, before the instance decides its first request. The predecessor goes on with the requests that it has begun, for a moment: to share one object with it, which must be safe from any thread, loses
    /// nothing; a copy loses what comes after it.
    /// </remarks>
    /// <param name="predecessor">Of the same class, and with the same name and type in the configuration.</param>
    void TakeOver(object predecessor);
}
