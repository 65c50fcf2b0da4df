using System.Collections.Immutable;

namespace Orleans.Inference.Picking.Configuration;

/// <summary><c>requestHandler</c> of a configuration.</summary>
internal sealed record RequestHandlerSection
{
    public ImmutableArray<SlotSection> Parsers { get; init; } = [];
}
