namespace Orleans.Inference.ExtProcGateway.Hosting.Flags;

/// <summary>What reading a command line has come to.</summary>
/// <remarks>Immutable. Exactly one of three: <see cref="Options"/>, <see cref="Faults"/> (a refused start), <see cref="Text"/> (help or version to print).</remarks>
public sealed class FlagOutcome
{
    /// <summary>The options; null where the start is refused or only a text was asked for.</summary>
    public ProcessOptions? Options { get; init; }

    /// <summary>All that is wrong, one line each.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>What an operator should know though it starts, one line each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The help or version that was asked for.</summary>
    public string? Text { get; init; }
}
