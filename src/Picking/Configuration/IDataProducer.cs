namespace Orleans.Inference.Picking.Configuration;

/// <summary>
/// A plugin that finds out data for others, by its parameters. The gateway asks the configuration for it (<see cref="PickerConfiguration.Find{T}"/>) and fills
/// the columns of <see cref="Scheduling.PickContext"/> before a decision.
/// </summary>
public interface IDataProducer;
