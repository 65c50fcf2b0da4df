using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling.Disaggregation;

namespace Orleans.Inference.Picking.Scheduling;

/// <summary><c>data-parallel-profile-handler</c>: runs the one profile there is; the request goes to one port of the picked pod, and a header names the rank that serves it.</summary>
public sealed class DataParallelProfileHandler(int primaryPort) : IProfileHandler, IPreRequest
{
    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<DataParallelProfileHandler, DataParallelProfileHandlerParameters>("data-parallel-profile-handler", Create) with
    {
        Summary = "Runs the one profile there is, sends the request to `primaryPort` of the picked pod, and names the picked rank in the request header `x-data-parallel-host-port`. "
            + "For gateways that can't send a request to any port of a pod.",
        Example = """
            - type: data-parallel-profile-handler
              parameters:
                primaryPort: 8000
            """,
    };

    /// <inheritdoc/>
    public int Next(in PickContext context, ReadOnlySpan<ProfileRun> runs) => runs.IsEmpty ? 0 : IProfileHandler.Done;

    /// <inheritdoc/>
    public int Primary(in PickContext context, ReadOnlySpan<ProfileRun> runs) => 0;

    /// <inheritdoc/>
    public void BeforeRequest(in PickContext context, in PickResult result, RequestEdits edits) => DisaggregationHeaders.WriteDataParallel(context, result, primaryPort, edits);

    private static DataParallelProfileHandler Create(DataParallelProfileHandlerParameters parameters, PluginContext context)
    {
        if (context.Profiles.Length > 1)
        {
            context.Fault("", $"a data-parallel-profile-handler serves one profile, not {context.Profiles.Length}");
        }

        return new(parameters.PrimaryPort);
    }
}
