using Orleans.Inference.ExtProcGateway.Hosting;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>
/// The memory that the process holds for requests that wait for their end, for responses that wait to be whole, and for answers that wait for their peers; bounded by
/// <c>--max-held-bytes</c>.
/// </summary>
/// <remarks>
/// Safe from any thread. What is counted are the arrays of bodies and headers, not the bytes in them; whoever rents one tells it here, once, and once more when it goes back: an interlocked
/// operation each. Of gRPC messages that are not complete and of answers that are not read the bytes are counted, once a turn of their connection; they have a bound for each connection besides.
/// </remarks>
internal sealed class HeldBytes(GatewayOptions options)
{
    private long _count;

    /// <summary>Bytes held now.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>More is held than may be; only <see cref="Hold"/> goes that far.</summary>
    public bool IsExceeded => options.MaxHeldBytes > 0 && Count > options.MaxHeldBytes;

    /// <summary>Counts an array, unless that goes beyond the bound; false then, and nothing is counted.</summary>
    public bool TryHold(int bytes)
    {
        var limit = options.MaxHeldBytes > 0 ? options.MaxHeldBytes : long.MaxValue;
        var count = Count;
        while (count + bytes <= limit)
        {
            var seen = Interlocked.CompareExchange(ref _count, count + bytes, count);
            if (seen == count)
            {
                return true;
            }

            count = seen;
        }

        return false;
    }

    /// <summary>Counts what is there in any case; takes it back where it is negative.</summary>
    public void Hold(long bytes) => Interlocked.Add(ref _count, bytes);

    /// <summary>What was counted has been given back.</summary>
    public void Release(long bytes)
    {
        if (bytes != 0)
        {
            Interlocked.Add(ref _count, -bytes);
        }
    }
}
