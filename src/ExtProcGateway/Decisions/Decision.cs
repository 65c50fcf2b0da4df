using Orleans.Inference.Picking;
using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Latency;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.ExtProcGateway.Decisions;

/// <summary>Where a request goes; valid until the thread's next decision.</summary>
internal readonly ref struct Decision
{
    /// <summary>The addresses, best first, joined by commas.</summary>
    public ReadOnlySpan<byte> Destination { get; init; }

    /// <summary>The view that was decided by.</summary>
    public PoolView View { get; init; }

    /// <summary>Index in <see cref="View"/> of the best server.</summary>
    public int Primary { get; init; }

    /// <summary>Tokens of the prompt that the best server holds already, as far as is known.</summary>
    public long MatchedTokens { get; init; }

    /// <summary>Tokens of the prompt that were looked for in the prefix index; 0 where there was nothing to look for.</summary>
    public long SoughtTokens { get; init; }

    /// <summary>The plugin that looked; null where there is none.</summary>
    public PluginInstance? PrefixProducer { get; init; }

    /// <summary>What was picked, profile by profile; empty for a request that is not scheduled.</summary>
    public PickResult Result { get; init; }

    /// <summary>Index in <see cref="View"/> of the server that processes the prompt for the best one; -1 where that does so itself.</summary>
    public int Prefill { get; init; }

    /// <summary>Tokens of the prompt that the server at <see cref="Prefill"/> holds already, as far as is known.</summary>
    public long PrefillMatchedTokens { get; init; }

    /// <summary>Indexes in <see cref="View"/> of the servers that encode pictures, videos and sounds for the best one, the first of them first; empty where that does so itself.</summary>
    public ReadOnlySpan<int> Encoders { get; init; }

    /// <summary>Tokens of the prompt that the first of <see cref="Encoders"/> holds already, as far as is known.</summary>
    public long EncodeMatchedTokens { get; init; }

    /// <summary>What plugins change about the request; null where nothing is.</summary>
    public RequestEdits? Edits { get; init; }

    /// <summary>The plugins that take part in the request's response; null where there is none.</summary>
    public RequestHooks? Hooks { get; init; }

    /// <summary>Learns how long the best server takes; null where that is not asked for.</summary>
    public LatencyPredictor? Predictor { get; init; }

    /// <summary>What <see cref="Predictor"/> goes by for the best server.</summary>
    public LatencyFeatures Features { get; init; }

    /// <summary>The servers whose scores the gateway wants to see; empty where it does not.</summary>
    public ReadOnlySpan<int> Scored { get; init; }

    /// <summary>The scores of <see cref="Scored"/>.</summary>
    public ReadOnlySpan<double> Scores { get; init; }
}
