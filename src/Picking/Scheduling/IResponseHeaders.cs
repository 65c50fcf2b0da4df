namespace Orleans.Inference.Picking.Scheduling;

/// <summary>Sets headers of the response that the client gets.</summary>
/// <remarks>One instance serves all requests of all threads. The plugins of a configuration are called in its order.</remarks>
public interface IResponseHeaders
{
    /// <summary>The model server's headers have come.</summary>
    /// <param name="request">As it was when its servers were picked, with the notes that plugins made of it; its headers are gone.</param>
    /// <param name="server">The server that was picked first.</param>
    void BeforeResponse(InferenceRequest request, ModelServer server, HeaderEdits headers);
}
