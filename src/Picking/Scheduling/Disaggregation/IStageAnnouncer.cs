namespace Orleans.Inference.Picking.Scheduling.Disaggregation;

/// <summary>Tells the destination which servers have the other stages; traces tell it too.</summary>
internal interface IStageAnnouncer : IPreRequest
{
    /// <summary>The profiles of the stages.</summary>
    StageProfiles Stages { get; }
}
