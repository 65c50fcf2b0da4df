namespace Orleans.Inference.OrleansContracts.Values;

public sealed class WithoutSerializer
{
    public int Number { get; set; }
}
