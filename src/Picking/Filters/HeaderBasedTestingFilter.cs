using System.Text;
using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Filters;

/// <summary>
/// <c>header-based-testing-filter</c>: keeps the servers that the header <c>test-epp-endpoint-selection</c> lists, by <c>ip</c> or <c>ip:port</c> with commas between, in the header's order and one
/// for each IP; none without the header. For conformance tests.
/// </summary>
public sealed class HeaderBasedTestingFilter : IFilter
{
    /// <summary>The header.</summary>
    public const string Header = "test-epp-endpoint-selection";

    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of("header-based-testing-filter", _ => new HeaderBasedTestingFilter()) with
    {
        Summary = $"For conformance tests: keeps the servers that the request's header `{Header}` lists (`ip` or `ip:port`, with commas between), in its order, one for each IP; none without the header.",
    };

    /// <inheritdoc/>
    public int Keep(in PickContext context, Span<int> candidates)
    {
        if (context.Request.Headers is not { } headers || !headers.TryGet(Header, out var list))
        {
            return 0;
        }

        var kept = 0;
        foreach (var range in list.AsSpan().Split(','))
        {
            if (Find(context, list.AsSpan(range).Trim(), candidates[kept..]) is var found and >= 0 && !HasIp(context.View, candidates[..kept], candidates[kept + found]))
            {
                (candidates[kept], candidates[kept + found]) = (candidates[kept + found], candidates[kept]);
                kept++;
            }
        }

        return kept;
    }

    /// <summary>Place of the candidate at an address, of several the first in the view; -1 where there is none.</summary>
    private static int Find(in PickContext context, ReadOnlySpan<char> address, ReadOnlySpan<int> candidates)
    {
        if (address.IsEmpty)
        {
            return -1;
        }

        foreach (var server in context.View.ByAddress.Find(Encoding.UTF8.GetBytes(address.ToString())))
        {
            if (candidates.IndexOf(server) is var place and >= 0)
            {
                return place;
            }
        }

        return -1;
    }

    private static bool HasIp(PoolView view, ReadOnlySpan<int> kept, int candidate)
    {
        var ip = IpOf(view.Servers[candidate].Address);
        foreach (var other in kept)
        {
            if (IpOf(view.Servers[other].Address).SequenceEqual(ip))
            {
                return true;
            }
        }

        return false;
    }

    private static ReadOnlySpan<char> IpOf(string address) => address.AsSpan(0, address.LastIndexOf(':') is var colon and >= 0 ? colon : address.Length);
}
