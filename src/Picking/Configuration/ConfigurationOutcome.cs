namespace Orleans.Inference.Picking.Configuration;

/// <summary>What loading a configuration has come to.</summary>
/// <remarks>Immutable.</remarks>
/// <param name="Configuration">Null where there are faults.</param>
/// <param name="Faults">All that is wrong, one line each: <c>source:line:column: message</c>, in the order of the text.</param>
/// <param name="Warnings">What an operator should know, in the same form.</param>
public sealed record ConfigurationOutcome(PickerConfiguration? Configuration, IReadOnlyList<string> Faults, IReadOnlyList<string> Warnings);
