namespace Orleans.Inference.OrleansContracts.Values;

[GenerateSerializer, Immutable, Alias("contracts.Frozen")]
public sealed class Frozen(int[] numbers)
{
    [Id(0)]
    public int[] Numbers { get; } = numbers;
}
