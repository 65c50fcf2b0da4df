namespace Orleans.Inference.Fuzz;

/// <summary>Gives a target one input after the other, until time is up or something does not hold.</summary>
internal sealed class FuzzRun(IFuzzTarget target, IReadOnlyList<byte[]> corpus, int seed)
{
    private byte[] _current = [];
    private readonly Mutator _mutator = new(corpus, target.Words, new Random(seed));

    public string Name => target.Name;

    public IFuzzTarget Target => target;

    /// <summary>Inputs tried, seeds included.</summary>
    public long Inputs { get; private set; }

    /// <summary>Those that got past the target's first checks.</summary>
    public long Accepted { get; private set; }

    /// <summary>All seeds as they are; null when everything holds.</summary>
    public FuzzFailure? TrySeeds()
    {
        foreach (var input in corpus)
        {
            if (Try(input) is { } fault)
            {
                return new FuzzFailure(target, input, fault);
            }
        }

        return null;
    }

    /// <summary>So many new inputs; null when everything holds.</summary>
    public FuzzFailure? TryNext(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var input = _mutator.Next();
            if (Try(input) is { } fault)
            {
                return new FuzzFailure(target, input, fault);
            }
        }

        return null;
    }

    /// <summary>What does not hold for an input; null when everything does.</summary>
    public static string? Fault(IFuzzTarget target, byte[] input) => Outcome(target, input).Fault;

    /// <summary>The input that is being tried, and the count of inputs before it: the same pair after a long time is an input without an end.</summary>
    public (byte[] Input, long Number) Current => (Volatile.Read(ref _current), Inputs);

    private string? Try(byte[] input)
    {
        Volatile.Write(ref _current, input);
        var outcome = Outcome(target, input);
        Inputs++;
        Accepted += outcome.Accepted ? 1 : 0;
        return outcome.Fault;
    }

    private static FuzzOutcome Outcome(IFuzzTarget target, byte[] input)
    {
        try
        {
            return target.Run(input, new Random(SeedOf(input)));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return FuzzOutcome.Failed(e.ToString());
        }
    }

    /// <summary>FNV-1a: the same in every process, so that a saved input fails again.</summary>
    private static int SeedOf(byte[] input)
    {
        var hash = 2166136261u;
        foreach (var b in input)
        {
            hash = (hash ^ b) * 16777619;
        }

        return (int)hash;
    }
}
