using Orleans.Inference.Picking.Scheduling.Disaggregation;

namespace Orleans.Inference.Picking.Scheduling;

/// <summary>What plugins change about a request before it goes to its server.</summary>
/// <remarks>Kept beside a thread's scratch, so that nothing is allocated. One thread at a time.</remarks>
public sealed class RequestEdits
{
    /// <summary>Headers for the model server, set or taken away.</summary>
    public HeaderEdits Headers { get; } = new();

    /// <summary>The port that the request goes to, in the place of that of each picked server; 0 leaves those.</summary>
    public int DestinationPort { get; set; }

    /// <summary>The server that processes the prompt for the destination, as an index into the view; -1 where that does so itself.</summary>
    public int Prefill { get; set; } = -1;

    /// <summary>Index of the profile whose picks encode pictures, videos and sounds for the destination; -1 where none does.</summary>
    public int EncodeProfile { get; set; } = -1;

    /// <summary>Which stages were split off, for the metrics; null where the configuration splits none.</summary>
    public DisaggregationDecision? Disaggregation { get; set; }

    /// <summary>Forgets all edits.</summary>
    public void Clear()
    {
        Headers.Clear();
        DestinationPort = 0;
        Prefill = -1;
        EncodeProfile = -1;
        Disaggregation = null;
    }
}
