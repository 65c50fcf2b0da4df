using Orleans.Inference.Picking;

namespace Orleans.Inference.ExtProcGateway.Tests.View;

/// <summary>What a view says of one server.</summary>
internal sealed record ViewRow(int Queued, int Running, double Kv, long SampledAt, string Adapters, CacheConfig Cache)
{
    public static ViewRow? Of(PoolView view, string server)
    {
        for (var i = 0; i < view.Count; i++)
        {
            if (view.Servers[i].Id == server)
            {
                return new ViewRow(view.Queued[i], view.Running[i], view.KvUsage[i], view.SampledAt[i], string.Join(',', view.Lora[i].Active.ToArray()), view.Cache[i]);
            }
        }

        return null;
    }
}
