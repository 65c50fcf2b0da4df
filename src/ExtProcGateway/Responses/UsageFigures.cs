namespace Orleans.Inference.ExtProcGateway.Responses;

/// <summary>The members of one usage object as they are read; null where they are not there or null.</summary>
internal struct UsageFigures
{
    private long? _prompt;
    private long? _input;
    private long? _completion;
    private long? _output;

    /// <summary>The object was there.</summary>
    public bool Seen { get; set; }

    /// <summary>Generation has ended, where the format says so here.</summary>
    public bool Finished { get; set; }

    public readonly long Prompt => _prompt ?? _input ?? 0;

    public readonly long Completion => _completion ?? _output ?? 0;

    public long Total { get; private set; }

    public long? Cached { get; private set; }

    /// <summary>As one block of usage.</summary>
    public readonly TokenUsage ToUsage() => new(Prompt, Completion, Total, Cached);

    /// <summary>Takes a member's value.</summary>
    public void Set(UsageField field, long value)
    {
        switch (field)
        {
            case UsageField.Prompt:
                _prompt = value;
                break;
            case UsageField.Input:
                _input = value;
                break;
            case UsageField.Completion:
                _completion = value;
                break;
            case UsageField.Output:
                _output = value;
                break;
            case UsageField.Total:
                Total = value;
                break;
            case UsageField.Cached:
                Cached = value;
                break;
        }
    }
}
