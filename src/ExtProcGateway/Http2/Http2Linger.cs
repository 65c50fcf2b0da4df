using System.IO.Pipelines;

namespace Orleans.Inference.ExtProcGateway.Http2;

/// <summary>The last moments of a connection that this side ends, by an error or a drain: closing with unread bytes would make the peer's system drop the last answers and the GOAWAY.</summary>
internal static class Http2Linger
{
    /// <summary>A few round trips, also of a distant peer, or of one that is so busy that it has not yet taken note of the ends of its streams: some clients fail them where the end of the connection overtakes that.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>Reads and drops what still comes, until the peer closes or the time is over.</summary>
    public static async Task WaitAsync(PipeReader input)
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            while (await input.ReadAsync(limit.Token) is { IsCompleted: false } result)
            {
                input.AdvanceTo(result.Buffer.End);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The time is over, or the peer is gone.
        }
    }
}
