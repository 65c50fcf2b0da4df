using Microsoft.Extensions.Logging;
using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Grains.Hosting;
using Orleans.Inference.Picking;

namespace Orleans.Inference.Grains.Pools;

/// <summary>Keeps one model-server grain working for each server of a pool.</summary>
/// <remarks>
/// Runs in the pool grain's turns: its calls to grains are awaited in the background, on the same single thread, and none holds up the pool. A
/// server that is not heard of gets its order again, which is all it takes after the death of a silo: the call activates the grain elsewhere.
/// </remarks>
internal sealed class ModelServerFleet(string pool, Guid epoch, IGrainFactory grains, GrainsOptions options, TimeProvider time, ILogger logger) : IMembershipChanges
{
    /// <summary>Orders under way at once: enough to start thousands in a second, few enough not to flood a silo that is coming up.</summary>
    private const int MaxInFlight = 64;

    /// <summary>Pause after an order that failed.</summary>
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<int, Member> _members = [];
    private readonly Queue<Member> _due = new();
    private int _inFlight;

    public void OnAdded(int slot, ModelServerSpec server)
    {
        var member = new Member(slot) { Server = server };
        _members.Add(slot, member);
        Enqueue(member);
    }

    public void OnRemoved(int slot, ModelServerSpec server)
    {
        if (_members.Remove(slot, out var member))
        {
            member.IsGone = true;
            _ = UnwatchAsync(slot, server);
        }
    }

    public void OnRelabelled(int slot, ModelServerSpec server)
    {
        var member = _members[slot];
        member.Server = server;
        Enqueue(member);
    }

    /// <summary>Gives its order again to every server that has been silent for too long.</summary>
    public void Check(PoolTable table)
    {
        var now = time.GetMilliseconds();
        var slots = table.Slots;
        var heardAt = table.HeardAt;
        var health = table.Health;
        for (var i = 0; i < slots.Length; i++)
        {
            var limit = health[i] == ModelServerHealth.Healthy ? options.HealthySilence : options.UnhealthySilence;
            var member = _members[slots[i]];
            if (now - heardAt[i] > limit.TotalMilliseconds && now >= member.NotBefore)
            {
                Enqueue(member);
            }
        }
    }

    /// <summary>Ends the work of all grains.</summary>
    public void Clear()
    {
        foreach (var member in _members.Values)
        {
            member.IsGone = true;
            _ = UnwatchAsync(member.Slot, member.Server);
        }

        _members.Clear();
    }

    private IModelServerGrain GrainOf(ModelServerSpec server) => grains.GetGrain<IModelServerGrain>(GrainKeys.OfModelServer(pool, server.Id));

    private void Enqueue(Member member)
    {
        member.IsDue = true;
        if (!member.IsBusy)
        {
            member.IsBusy = true;
            _due.Enqueue(member);
            Pump();
        }
    }

    private void Pump()
    {
        while (_inFlight < MaxInFlight && _due.TryDequeue(out var member))
        {
            _inFlight++;
            _ = WatchAsync(member);
        }
    }

    private async Task WatchAsync(Member member)
    {
        try
        {
            while (member.IsDue && !member.IsGone)
            {
                member.IsDue = false;
                await GrainOf(member.Server).Watch(new ModelServerAssignment { Pool = pool, Epoch = epoch, Slot = member.Slot, Server = member.Server });
                member.NotBefore = time.GetMilliseconds() + (long)options.HealthySilence.TotalMilliseconds;
            }
        }
        catch (Exception failure)
        {
            // Not heard of, it comes up again at a check; nothing of the pool depends on one server.
            member.NotBefore = time.GetMilliseconds() + (long)RetryPause.TotalMilliseconds;
            PoolLog.WatchFailed(logger, failure, pool, member.Server.Id);
        }
        finally
        {
            member.IsBusy = false;
            _inFlight--;
            Pump();
        }
    }

    private async Task UnwatchAsync(int slot, ModelServerSpec server)
    {
        try
        {
            await GrainOf(server).Unwatch(epoch, slot);
        }
        catch (Exception failure)
        {
            // The grain's reports are answered with "unwanted", which ends it too.
            PoolLog.UnwatchFailed(logger, failure, pool, server.Id);
        }
    }

    private sealed class Member(int slot)
    {
        public int Slot { get; } = slot;

        public required ModelServerSpec Server { get; set; }

        /// <summary>The grain shall be given the order (again).</summary>
        public bool IsDue { get; set; }

        /// <summary>Waits in the queue, or its call is under way.</summary>
        public bool IsBusy { get; set; }

        public bool IsGone { get; set; }

        /// <summary>No further order before this time, in milliseconds.</summary>
        public long NotBefore { get; set; } = long.MinValue;
    }
}
