using Orleans.Inference.Grains.Contracts;

namespace Orleans.Inference.ExtProcGateway.View;

/// <summary>Follows which pools there are.</summary>
internal sealed class DirectoryFollower : IPoolDirectoryObserver
{
    private const string What = "the list of pools";

    private readonly Lock _lock = new();
    private readonly string _gatewayId;
    private readonly IGrainFactory _grains;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action<PoolDirectory> _onChanged;
    private readonly RenewalLoop _loop;
    private IPoolDirectoryObserver? _reference;
    private Guid _epoch;
    private long _version;
    private bool _isStopped;

    /// <param name="onChanged">Takes each new list, one at a time.</param>
    public DirectoryFollower(string gatewayId, IGrainFactory grains, Action<PoolDirectory> onChanged, TimeProvider time, ILogger logger)
    {
        _gatewayId = gatewayId;
        _grains = grains;
        _time = time;
        _logger = logger;
        _onChanged = onChanged;
        _loop = new RenewalLoop(What, RenewAsync, time, logger);
    }

    private IPoolDirectoryGrain Grain => _grains.GetGrain<IPoolDirectoryGrain>(GrainKeys.Directory);

    /// <summary>Follows until cancelled, then unsubscribes; throws nothing.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await _loop.RunAsync(cancellation).ConfigureAwait(false);
        lock (_lock)
        {
            _isStopped = true;
        }

        await EndAsync().ConfigureAwait(false);
    }

    public Task OnPools(PoolDirectory pools)
    {
        ArgumentNullException.ThrowIfNull(pools);

        // Version 0: the grain is new and discovery has not spoken yet, so what was known before stays.
        lock (_lock)
        {
            if (!_isStopped && pools.Version > 0 && (pools.Epoch != _epoch || pools.Version > _version))
            {
                (_epoch, _version) = (pools.Epoch, pools.Version);
                _onChanged(pools);
            }
        }

        return Task.CompletedTask;
    }

    private async Task RenewAsync()
    {
        _reference ??= _grains.CreateObjectReference<IPoolDirectoryObserver>(this);
        Guid epoch;
        long version;
        lock (_lock)
        {
            (epoch, version) = (_epoch, _version);
        }

        if (await Grain.Subscribe(_gatewayId, _reference, epoch, version).ConfigureAwait(false) is { } pools)
        {
            await OnPools(pools).ConfigureAwait(false);
        }
    }

    private async Task EndAsync()
    {
        if (_reference is null)
        {
            return;
        }

        try
        {
            await Grain.Unsubscribe(_gatewayId).WaitAsync(RenewalLoop.Period, _time).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            ViewLog.NotUnsubscribed(_logger, failure, What);
        }

        _grains.DeleteObjectReference<IPoolDirectoryObserver>(_reference);
    }
}
