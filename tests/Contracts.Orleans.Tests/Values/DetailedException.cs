namespace Orleans.Inference.OrleansContracts.Values;

[GenerateSerializer, Alias("contracts.DetailedException")]
public sealed class DetailedException : Exception
{
    public DetailedException(string message, int code, Exception inner)
        : base(message, inner) => Code = code;

    [Id(0)]
    public int Code { get; set; }
}
