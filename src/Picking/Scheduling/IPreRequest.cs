namespace Orleans.Inference.Picking.Scheduling;

/// <summary>Takes part in a request once its servers are picked, before it goes on: remembers the decision, or tells the servers of it in headers.</summary>
/// <remarks>One instance serves all requests of all threads. The plugins of a configuration are called in its order.</remarks>
public interface IPreRequest
{
    /// <summary>The request goes to the servers of <paramref name="result"/>. Allocates nothing where it can.</summary>
    void BeforeRequest(in PickContext context, in PickResult result, RequestEdits edits);
}
