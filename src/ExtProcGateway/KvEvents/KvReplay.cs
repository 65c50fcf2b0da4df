using System.Buffers.Binary;

namespace Orleans.Inference.ExtProcGateway.KvEvents;

/// <summary>Asks a server to tell again what was missed.</summary>
/// <param name="running">How many may do so at once.</param>
internal sealed class KvReplay(SemaphoreSlim running, TimeProvider time, ILogger logger)
{
    /// <summary>How long all of it may take: a server tells of its last 10,000 batches by default.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>Reads again from the number that has to come next. What can't be read is said in the log.</summary>
    public async Task RunAsync(KvEventSource source, KvEventStream stream, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        await running.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            using var connection = await KvEventConnection.OpenAsync(source.Replay!, "DEALER", ["ROUTER", "REP", "DEALER"], time, either.Token).ConfigureAwait(false);
            var number = new byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64BigEndian(number, stream.Wanted);
            await connection.Zmtp.SendAsync([[], number], either.Token).ConfigureAwait(false);
            for (var count = 0; ; count++)
            {
                await connection.Zmtp.ReceiveAsync(either.Token).ConfigureAwait(false);
                var message = KvMessage.Of(connection.Zmtp) ?? throw new ZmtpException("what it tells is no batch");
                if (message.Batch.IsEmpty || !stream.TakeAgain(message))
                {
                    KvEventLog.Replayed(logger, source.Server, count);
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            KvEventLog.NotReplayed(logger, source.Server, source.Replay!.ToString(), "it takes too long");
        }
        catch (IOException failure)
        {
            KvEventLog.NotReplayed(logger, source.Server, source.Replay!.ToString(), failure.Message);
        }
        finally
        {
            running.Release();
        }
    }
}
