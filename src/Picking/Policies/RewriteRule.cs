using System.Collections.Immutable;

namespace Orleans.Inference.Picking.Policies;

/// <summary>Which models' requests go to which models instead, and in what shares.</summary>
/// <remarks>Immutable, safe from any thread.</remarks>
public sealed class RewriteRule
{
    /// <summary>For each target the sum of the weights up to and with its own.</summary>
    private readonly long[] _bounds;

    /// <param name="name">Name of the object that the rule is part of.</param>
    /// <param name="models">Models that it is for; empty means all.</param>
    /// <param name="targets">At least one.</param>
    public RewriteRule(string name, ImmutableArray<string> models, ImmutableArray<RewriteTarget> targets)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentOutOfRangeException.ThrowIfZero(targets.Length, nameof(targets));
        Name = name;
        Models = models;
        Targets = targets;
        _bounds = new long[targets.Length];
        long total = 0;
        for (var i = 0; i < targets.Length; i++)
        {
            _bounds[i] = total += Math.Max(0, targets[i].Weight ?? 0);
        }
    }

    /// <summary>Name of the object that the rule is part of.</summary>
    public string Name { get; }

    /// <summary>Models that it is for, any of them; empty means all.</summary>
    public ImmutableArray<string> Models { get; }

    /// <summary>The models it sends requests to.</summary>
    public ImmutableArray<RewriteTarget> Targets { get; }

    /// <summary>
    /// Draws a target by weight. Where no weight is above 0, all are equally probable; else a target without a weight is never drawn (the reference picker's rule).
    /// </summary>
    /// <remarks>No allocation; one random number, none for a single target; time grows with the number of targets.</remarks>
    public string Draw(Random random)
    {
        if (Targets.Length == 1)
        {
            return Targets[0].Model;
        }

        var total = _bounds[^1];
        if (total == 0)
        {
            return Targets[random.Next(Targets.Length)].Model;
        }

        var drawn = random.NextInt64(total);
        var index = 0;
        while (drawn >= _bounds[index])
        {
            index++;
        }

        return Targets[index].Model;
    }
}
