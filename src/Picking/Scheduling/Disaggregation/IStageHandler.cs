namespace Orleans.Inference.Picking.Scheduling.Disaggregation;

/// <summary>A handler that runs a profile for each stage of a request; traces tell which.</summary>
internal interface IStageHandler : IProfileHandler
{
    /// <summary>The profiles of the stages.</summary>
    StageProfiles Stages { get; }
}
