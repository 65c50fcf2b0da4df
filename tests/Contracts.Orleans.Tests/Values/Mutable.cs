namespace Orleans.Inference.OrleansContracts.Values;

[GenerateSerializer, Alias("contracts.Mutable")]
public sealed class Mutable
{
    [Id(0)]
    public int Number { get; set; }

    [Id(1)]
    public List<string> Words { get; set; } = [];

    [Id(2)]
    public Mutable? Self { get; set; }
}
