using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Prefix;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Tests.Configuration;

namespace Orleans.Inference.Picking.Tests.Filters;

/// <summary>Filters as a configuration makes them.</summary>
internal static class Filtering
{
    /// <summary>The plugin of an entry of <c>plugins</c>.</summary>
    public static T Make<T>(string entry)
        where T : class
    {
        var outcome = Loading.Load("plugins:\n" + entry, experimental: true);
        Assert.Empty(outcome.Faults);
        return outcome.Configuration!.Find<T>()!;
    }

    /// <summary>What is wrong with an entry of <c>plugins</c>.</summary>
    public static IReadOnlyList<string> FaultsOf(string entry) => Loading.Load("plugins:\n" + entry, experimental: true).Faults;

    /// <summary>The servers that are kept of all, in their order.</summary>
    public static int[] Keep(IFilter filter, PoolView view, InferenceRequest? request = null, PrefixMatch? prefix = null, InFlightLoad inFlight = default, Random? random = null)
    {
        var candidates = Enumerable.Range(0, view.Count).ToArray();
        var context = new PickContext(view, request ?? new InferenceRequest(), 0, random ?? new Random(1), prefix) { InFlight = inFlight };
        return candidates[..filter.Keep(context, candidates)];
    }
}
