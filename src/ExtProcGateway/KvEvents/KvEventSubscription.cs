namespace Orleans.Inference.ExtProcGateway.KvEvents;

/// <summary>Follows the events of one model server for as long as it is asked to: connects, reads, and connects again.</summary>
/// <remarks>
/// A connection that breaks is made again after a while that grows from 0.1 to 5 seconds, with some chance in it, so that gateways don't come all at once. What was known of the server stays for ten
/// seconds without one: where nothing was missed then, as the numbers of the batches tell, all goes on. One log line when the events are lost, one when the next has come.
/// </remarks>
internal sealed class KvEventSubscription(KvEventSource source, KvEventStream stream, KvReplay replay, Random random, TimeProvider time, ILogger logger)
{
    private const double FirstPause = 100;
    private const double LongestPause = 5000;

    /// <summary>How long what is known of a server outlives the connection: servers take longer to start anew.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(10);

    private bool _isLost;
    private bool _saidLost;
    private bool _saidUnreadable;
    private bool _saidModel;
    private bool _saidFull;
    private long _lostAt;

    /// <summary>Follows until cancelled; forgets then what the server holds. Throws nothing.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var failures = 0;
        try
        {
            while (true)
            {
                try
                {
                    await FollowAsync(() => failures = 0, cancellation).ConfigureAwait(false);
                }
                catch (IOException failure)
                {
                    Lose(failure.Message);
                }

                var pause = Math.Min(LongestPause, FirstPause * Math.Pow(2, Math.Min(failures++, 10)));
                await Task.Delay(TimeSpan.FromMilliseconds(pause * (0.5 + random.NextDouble())), time, cancellation).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody asks for the events any more.
        }
#pragma warning disable CA1031 // Whatever one server sends must not end the process, nor keep the others from being followed.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            KvEventLog.Broken(logger, failure, source.Server);
        }

        stream.Forget();
    }

    private async Task FollowAsync(Action works, CancellationToken cancellation)
    {
        using var connection = await KvEventConnection.OpenAsync(source.Events, "SUB", ["PUB", "XPUB"], time, cancellation).ConfigureAwait(false);
        await connection.Zmtp.SubscribeAsync(source.Topic, cancellation).ConfigureAwait(false);
        _isLost = false;
        if (!_saidLost)
        {
            KvEventLog.Following(logger, source.Server, source.Events.ToString());
        }

        if (source.Replay is not null && stream.IsNew)
        {
            await replay.RunAsync(source, stream, cancellation).ConfigureAwait(false);
        }

        while (true)
        {
            await connection.Zmtp.ReceiveAsync(cancellation).ConfigureAwait(false);
            if (KvMessage.Of(connection.Zmtp) is not { } message)
            {
                throw new ZmtpException("what it publishes is no message of topic, number and batch");
            }

            await TakeAsync(message, cancellation).ConfigureAwait(false);
            works();
            if (_saidLost)
            {
                _saidLost = false;
                KvEventLog.Following(logger, source.Server, source.Events.ToString());
            }
        }
    }

    private async ValueTask TakeAsync(KvMessage message, CancellationToken cancellation)
    {
        var taken = stream.TakeLive(message, isComplete: false);
        if (taken == KvEventStream.Taken.Missing)
        {
            if (source.Replay is not null)
            {
                await replay.RunAsync(source, stream, cancellation).ConfigureAwait(false);
            }

            var wanted = stream.Wanted;
            if (message.Sequence > wanted && !stream.IsNew)
            {
                KvEventLog.Missed(logger, source.Server, wanted);
            }

            taken = stream.TakeLive(message, isComplete: true);
        }

        if (taken == KvEventStream.Taken.Unreadable && !_saidUnreadable)
        {
            _saidUnreadable = true;
            KvEventLog.Unreadable(logger, source.Server);
        }

        if (taken == KvEventStream.Taken.Applied && !stream.HasModel && !_saidModel)
        {
            _saidModel = true;
            KvEventLog.NoModel(logger, source.Server);
        }

        if (stream.IsFull && !_saidFull)
        {
            _saidFull = true;
            KvEventLog.Full(logger, source.Server);
        }
    }

    private void Lose(string reason)
    {
        if (!_isLost)
        {
            _isLost = true;
            _lostAt = time.GetTimestamp();
        }
        else if (time.GetElapsedTime(_lostAt) > Kept)
        {
            stream.Forget();
        }

        if (!_saidLost)
        {
            _saidLost = true;
            KvEventLog.Lost(logger, source.Server, source.Events.ToString(), reason);
        }
    }
}
