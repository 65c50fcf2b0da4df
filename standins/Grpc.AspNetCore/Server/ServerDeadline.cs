using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server;

/// <summary>Ends a call at its deadline: the client hears of it at once, the method through its cancellation token.</summary>
internal sealed class ServerDeadline : IAsyncDisposable
{
    /// <summary>What one timer can wait for; a later deadline takes several turns.</summary>
    private static readonly TimeSpan LongestTurn = TimeSpan.FromDays(30);

    private readonly HttpServerCall _call;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _source;
    private readonly ITimer _timer;
    private readonly TaskCompletionSource _expired = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private bool _ended;
    private bool _expiring;

    public ServerDeadline(HttpServerCall call, TimeSpan timeout, ILogger logger)
    {
        _call = call;
        _logger = logger;
        Deadline = TimeProvider.System.GetUtcNow().UtcDateTime + timeout;
        _source = CancellationTokenSource.CreateLinkedTokenSource(call.HttpContext.RequestAborted);
        _timer = TimeProvider.System.CreateTimer(
            static state => ((ServerDeadline)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Schedule(timeout);
    }

    public DateTime Deadline { get; }

    public CancellationToken CancellationToken => _source.Token;

    /// <summary>True when the call ended before its deadline; false, after the deadline's work, when it did not.</summary>
    public async Task<bool> TryEndCallAsync()
    {
        lock (_lock)
        {
            if (!_expiring)
            {
                _ended = true;
                return true;
            }
        }

        await _expired.Task.ConfigureAwait(false);
        return false;
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        _source.Dispose();
    }

    private void Schedule(TimeSpan remaining) => _timer.Change(remaining < LongestTurn ? remaining : LongestTurn, Timeout.InfiniteTimeSpan);

    private void OnTimer()
    {
        // A timer may fire some ticks early; the clients' view of "after the deadline" must hold.
        var remaining = Deadline - TimeProvider.System.GetUtcNow().UtcDateTime;
        lock (_lock)
        {
            if (_ended)
            {
                return;
            }

            if (remaining > TimeSpan.Zero)
            {
                Schedule(remaining < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : remaining);
                return;
            }

            _expiring = true;
        }

        _ = ExpireAsync();
    }

    private async Task ExpireAsync()
    {
        try
        {
            await _call.ExpireAsync().ConfigureAwait(false);
            await _source.CancelAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Nobody awaits a timer's work: the log is where its failure is seen.
            _logger.DeadlineFailed(exception);
        }
        finally
        {
            _expired.SetResult();
        }
    }
}
