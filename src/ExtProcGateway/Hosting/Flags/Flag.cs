namespace Orleans.Inference.ExtProcGateway.Hosting.Flags;

/// <summary>One flag: its name, what its value is, its default as it is written, and what it does.</summary>
/// <remarks>Immutable.</remarks>
internal sealed record Flag
{
    /// <summary>With its dashes: <c>--grpc-port</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Other names, such as <c>-v</c>.</summary>
    public string[] Aliases { get; init; } = [];

    public required FlagKind Kind { get; init; }

    /// <summary>As a user would write it; empty for none.</summary>
    public required string Default { get; init; }

    public required string Description { get; init; }

    /// <summary>May be given several times, and every value counts; of other flags the last one does.</summary>
    public bool Repeatable { get; init; }

    /// <summary>
    /// Set for a flag of the reference picker that is accepted but does nothing here: the one value that asks for just that (such as <c>false</c>).
    /// Any other value is worth a warning.
    /// </summary>
    public string? InertValue { get; init; }

    /// <summary>Applies one value; answers what is wrong with it, null where nothing is.</summary>
    public required Func<FlagValues, string, string?> Apply { get; init; }
}
