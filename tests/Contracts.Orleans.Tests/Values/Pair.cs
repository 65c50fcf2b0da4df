namespace Orleans.Inference.OrleansContracts.Values;

[GenerateSerializer, Alias("contracts.Pair")]
public readonly struct Pair(int left, List<int> right)
{
    [Id(0)]
    public int Left { get; } = left;

    [Id(1)]
    public List<int> Right { get; } = right;
}
