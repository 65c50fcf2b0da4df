using Orleans.Inference.Picking.Tracing;

namespace Orleans.Inference.Picking.Scheduling;

/// <summary>The plugins of a configuration that take part in a request beside its decision.</summary>
/// <remarks>Immutable; safe from any thread.</remarks>
public sealed class RequestHooks
{
    /// <summary>No plugins.</summary>
    public static readonly RequestHooks None = new([]);

    private readonly IPreRequest[] _preRequest;
    private readonly IPreRequest[] _traced;
    private readonly IResponseHeaders[] _responseHeaders;

    /// <param name="plugins">All plugins of a configuration, in its order.</param>
    public RequestHooks(IEnumerable<object> plugins)
    {
        var all = plugins.ToList();
        _preRequest = [.. all.OfType<IPreRequest>()];
        _traced = [.. _preRequest.Select(SchedulingTrace.Wrap)];
        _responseHeaders = [.. all.OfType<IResponseHeaders>()];
    }

    /// <summary>Some plugin wants to set headers of responses.</summary>
    public bool EditsResponses => _responseHeaders.Length > 0;

    /// <summary>Lets the plugins take part in a request whose servers are picked.</summary>
    public void BeforeRequest(in PickContext context, in PickResult result, RequestEdits edits)
    {
        foreach (var plugin in context.Request.Trace is null ? _preRequest : _traced)
        {
            plugin.BeforeRequest(context, result, edits);
        }
    }

    /// <summary>Lets the plugins set headers of a response.</summary>
    /// <param name="server">The server that was picked first.</param>
    public void BeforeResponse(InferenceRequest request, ModelServer server, HeaderEdits headers)
    {
        foreach (var plugin in _responseHeaders)
        {
            plugin.BeforeResponse(request, server, headers);
        }
    }
}
