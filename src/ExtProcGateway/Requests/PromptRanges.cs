namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>Where in a JSON body the values are that make up its prompt. Of a repeated key the last value counts; null is as good as none.</summary>
internal readonly record struct PromptRanges
{
    /// <summary>The value that the model works on: <see cref="JsonApi.Content"/>.</summary>
    public BodyRange Content { get; init; }

    /// <summary>What is put before it: <see cref="JsonApi.Preamble"/>.</summary>
    public BodyRange Preamble { get; init; }

    /// <summary>The tools that the model may call: <see cref="JsonApi.Tools"/>.</summary>
    public BodyRange Tools { get; init; }

    /// <summary>Number of token ids in the content; 0 where it is none of them.</summary>
    public int TokenIds { get; init; }

    /// <summary>The same in a body that has this one within.</summary>
    public PromptRanges Within(long offset) => this with { Content = Content.Within(offset), Preamble = Preamble.Within(offset), Tools = Tools.Within(offset) };
}
