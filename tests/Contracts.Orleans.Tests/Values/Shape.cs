namespace Orleans.Inference.OrleansContracts.Values;

[GenerateSerializer, Alias("contracts.Shape")]
public abstract class Shape
{
    [Id(0)]
    public string Name { get; set; } = "";
}
