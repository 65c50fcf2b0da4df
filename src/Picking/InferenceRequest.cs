using Orleans.Inference.Picking.Latency;
using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.Picking;

/// <summary>What the decision knows of a request.</summary>
/// <remarks>Belongs to one request; written before it is scheduled.</remarks>
public sealed class InferenceRequest
{
    private (object Key, object Value)[] _notes = [];
    private int _noteCount;

    /// <summary>The span below which the decision's spans go; null where the request is not traced.</summary>
    public System.Diagnostics.Activity? Trace { get; set; }

    /// <summary>Takes how long the plugins took for this request; null where they are not measured.</summary>
    public Timing.IPluginTimes? PluginTimes { get; set; }

    /// <summary>The gateway's or client's id of the request (<c>x-request-id</c>).</summary>
    public string RequestId { get; set; } = "";

    /// <summary>The model that the client asked for; empty where the request names none.</summary>
    public string IncomingModel { get; set; } = "";

    /// <summary>The model that the model server will be asked for, after rewriting: a base model or a LoRA adapter; empty where the request names none.</summary>
    public string TargetModel { get; set; } = "";

    /// <summary>Negative: may be shed under load.</summary>
    public int Priority { get; set; }

    /// <summary>Whose request it is, for fairness between flows.</summary>
    public string FairnessId { get; set; } = "";

    /// <summary>Size of the body in bytes.</summary>
    public long BodySize { get; set; }

    /// <summary>Tokens of the prompt, as far as they were counted; 0 leaves them to <see cref="BodySize"/>.</summary>
    public long PromptTokens { get; set; }

    /// <summary>It is to be served only by a server that holds the beginning of its prompt already (<c>Prefer: if-available</c>).</summary>
    public bool OnlyIfCached { get; set; }

    /// <summary>The answer is wanted as a stream of events.</summary>
    public bool Streaming { get; set; }

    /// <summary>Most tokens that the answer may have; 0 where the request does not say.</summary>
    public int MaxOutputTokens { get; set; }

    /// <summary>Why no server is left, from the filter that left none; null where it gives no reason of its own. What the client is told.</summary>
    public string? DrainedReason { get; set; }

    /// <summary>How long it may take.</summary>
    public LatencyObjectives Objectives { get; set; }

    /// <summary>The headers; null where none are known.</summary>
    public IRequestHeaders? Headers { get; set; }

    /// <summary><see cref="PromptTokens"/>; where that is not known, what the size of the body comes to.</summary>
    public long EstimatedPromptTokens => PromptTokens > 0 ? PromptTokens : BodySize / PrefixHasher.BytesPerToken;

    /// <summary>Tokens that its answer is estimated to have; null where answers do not count as load.</summary>
    public long? EstimatedOutputTokens { get; set; }

    /// <summary>The prompt has images, sounds or films.</summary>
    public bool HasMultiModal { get; set; }

    /// <summary>Remembers something of the request for its plugins, in the place of what was remembered by this key.</summary>
    /// <param name="key">The plugin whose note it is, or the name by which others find it, such as <c>agent-identity</c>.</param>
    public void SetNote(object key, object value)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        for (var i = 0; i < _noteCount; i++)
        {
            if (_notes[i].Key.Equals(key))
            {
                _notes[i].Value = value;
                return;
            }
        }

        if (_noteCount == _notes.Length)
        {
            Array.Resize(ref _notes, Math.Max(2, _noteCount * 2));
        }

        _notes[_noteCount++] = (key, value);
    }

    /// <summary>What is remembered by a key; null where that is nothing, or something of another type.</summary>
    public T? GetNote<T>(object key)
        where T : class
    {
        for (var i = 0; i < _noteCount; i++)
        {
            if (_notes[i].Key.Equals(key))
            {
                return _notes[i].Value as T;
            }
        }

        return null;
    }
}
