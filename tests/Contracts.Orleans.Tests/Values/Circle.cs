namespace Orleans.Inference.OrleansContracts.Values;

[GenerateSerializer, Alias("contracts.Circle")]
public sealed class Circle : Shape
{
    [Id(0)]
    public double Radius { get; set; }
}
