using Orleans.Inference.Fuzz;
using Orleans.Inference.Fuzz.Targets;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.ExtProcGateway.Tests.Fuzzing;

/// <summary>Each target of the fuzzer on its seeds and on the first inputs that it makes of them; the fuzzer itself goes on for as long as it is told.</summary>
public sealed class FuzzTargetTests
{
    private const int Mutations = 2_000;

    private static IReadOnlyList<IFuzzTarget> Targets => FuzzTargets.All();

    public static TheoryData<string> Names => [.. Targets.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_SeedsAndTheirFirstMutations_Hold(string name)
    {
        var folder = Path.Combine(RepositoryPaths.Root, "tests", "Fuzz", "corpus", name);
        byte[][] seeds = [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        var run = new FuzzRun(Targets.Single(target => target.Name == name), seeds, seed: 1);

        Assert.Null((run.TrySeeds() ?? run.TryNext(Mutations))?.Shrunk().Fault);

        Assert.Equal(seeds.Length + Mutations, run.Inputs);
        Assert.InRange(run.Accepted, 1, run.Inputs);
    }

    [Fact]
    public void Corpus_HasSeedsForKnownTargetsOnly() =>
        Assert.Equal(Targets.Select(target => target.Name).Order(), Directory.GetDirectories(Path.Combine(RepositoryPaths.Root, "tests", "Fuzz", "corpus")).Select(Path.GetFileName).Order());
}
