namespace Orleans.Inference.Picking.Scheduling.Disaggregation;

/// <summary>Says whether a stage of a request gets a server of its own.</summary>
/// <remarks>One instance serves all requests of all threads.</remarks>
public interface IDisaggregationDecider
{
    /// <summary>Whether the stage is split off. Allocates nothing.</summary>
    /// <param name="server">The server that was picked for decoding, as an index into the view; -1 where none is picked yet.</param>
    bool Disaggregate(in PickContext context, int server);
}
