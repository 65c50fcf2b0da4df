using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Scheduling;

/// <summary><c>single-profile-handler</c>: runs the one profile there is.</summary>
public sealed class SingleProfileHandler : IProfileHandler
{
    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of("single-profile-handler", Create) with
    {
        Summary = "Runs the one profile there is.",
    };

    /// <inheritdoc/>
    public int Next(in PickContext context, ReadOnlySpan<ProfileRun> runs) => runs.IsEmpty ? 0 : IProfileHandler.Done;

    /// <inheritdoc/>
    public int Primary(in PickContext context, ReadOnlySpan<ProfileRun> runs) => 0;

    private static SingleProfileHandler Create(PluginContext context)
    {
        if (context.Profiles.Length > 1)
        {
            context.Fault("", $"a single-profile-handler serves one profile, not {context.Profiles.Length}");
        }

        return new();
    }
}
