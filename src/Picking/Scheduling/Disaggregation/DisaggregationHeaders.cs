namespace Orleans.Inference.Picking.Scheduling.Disaggregation;

/// <summary>How the decode server's sidecar is told which servers have the other stages.</summary>
internal static class DisaggregationHeaders
{
    /// <summary>The server that processes the prompt.</summary>
    public static ReadOnlySpan<byte> Prefiller => "x-prefiller-host-port"u8;

    /// <summary>The servers that encode images, sounds and films.</summary>
    public static ReadOnlySpan<byte> Encoders => "x-encoder-hosts-ports"u8;

    /// <summary>The rank that serves, where the request goes to another port of its pod.</summary>
    public static ReadOnlySpan<byte> DataParallel => "x-data-parallel-host-port"u8;

    /// <summary>Names the servers of both stages; where a stage was not split off, takes the client's header of that name away.</summary>
    /// <param name="prefill">Index of the profile; -1 for none.</param>
    /// <param name="encode">Index of the profile; -1 for none.</param>
    public static void Write(in PickContext context, in PickResult result, int prefill, int encode, HeaderEdits headers)
    {
        var servers = context.View.Servers;
        headers.Remove(Prefiller);
        if (result.PicksOf(prefill) is [var prefiller, ..])
        {
            headers.Set(Prefiller, servers[prefiller].AddressUtf8.Span);
        }

        headers.Remove(Encoders);
        foreach (var encoder in result.PicksOf(encode))
        {
            headers.Append(Encoders, servers[encoder].AddressUtf8.Span);
        }
    }

    /// <summary>Names the rank that was picked, and sends the request to another port of its pod.</summary>
    public static void WriteDataParallel(in PickContext context, in PickResult result, int primaryPort, RequestEdits edits)
    {
        edits.Headers.Set(DataParallel, context.View.Servers[result.Primary[0]].AddressUtf8.Span);
        edits.DestinationPort = primaryPort;
    }
}
