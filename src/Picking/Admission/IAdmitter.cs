using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Admission;

/// <summary>Says whether a request is served at all, once its candidates and what is known of them are found, before the profiles run.</summary>
/// <remarks>One instance serves all requests of all threads. Every admitter of a configuration is asked, in its order; the first that denies decides.</remarks>
public interface IAdmitter
{
    /// <summary>Null where the request is admitted; else why not, for the client.</summary>
    /// <param name="servers">The servers that the request may use, as indexes into the view; at least one.</param>
    string? Deny(in PickContext context, ReadOnlySpan<int> servers);
}
