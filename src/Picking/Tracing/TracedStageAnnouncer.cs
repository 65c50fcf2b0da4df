using System.Diagnostics;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Scheduling.Disaggregation;

namespace Orleans.Inference.Picking.Tracing;

/// <summary>What tells the destination of the other stages' servers, in a span that says which they are, or why a stage has none.</summary>
internal sealed class TracedStageAnnouncer(IStageAnnouncer announcer) : IPreRequest
{
    /// <inheritdoc/>
    public void BeforeRequest(in PickContext context, in PickResult result, RequestEdits edits)
    {
        var before = Activity.Current;
        Activity.Current = context.Request.Trace;
        try
        {
            using var span = SchedulingTrace.Start("prepare_disaggregation", context.Request);
            announcer.BeforeRequest(context, result, edits);
            if (span is not null)
            {
                DescribePrefill(span, context.View, result);
                DescribeEncode(span, context.View, result);
            }
        }
        finally
        {
            Activity.Current = before;
        }
    }

    private void DescribePrefill(Activity span, PoolView view, in PickResult result)
    {
        var server = result.BestOf(announcer.Stages.Prefill);
        span.SetTag("llm_d.epp.pd.disaggregation_used", server >= 0);
        if (server < 0)
        {
            span.SetTag("llm_d.epp.pd.reason", result.Runs.PlaceOf(announcer.Stages.Prefill) >= 0 ? "no_prefill_profile_target_endpoints" : "no_prefill_profile_result");
            return;
        }

        var address = view.Servers[server].Address;
        var colon = address.LastIndexOf(':');
        span.SetTag("llm_d.epp.pd.prefill_pod_address", address[..colon].Trim('[', ']')).SetTag("llm_d.epp.pd.prefill_pod_port", address[(colon + 1)..]);
    }

    private void DescribeEncode(Activity span, PoolView view, in PickResult result)
    {
        var servers = result.PicksOf(announcer.Stages.Encode);
        span.SetTag("llm_d.epp.encode.disaggregation_used", !servers.IsEmpty);
        if (servers.IsEmpty)
        {
            span.SetTag("llm_d.epp.encode.reason", result.Runs.PlaceOf(announcer.Stages.Encode) >= 0 ? "no_encode_profile_target_endpoints" : "no_encode_profile_result");
            return;
        }

        var addresses = new string[servers.Length];
        for (var i = 0; i < addresses.Length; i++)
        {
            addresses[i] = view.Servers[servers[i]].Address;
        }

        span.SetTag("llm_d.epp.encode.endpoints", string.Join(',', addresses));
    }
}
