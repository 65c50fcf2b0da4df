namespace Orleans.Inference.ExtProcGateway.Hosting.Flags;

/// <summary>What a flag's value is; shown in the help.</summary>
internal enum FlagKind
{
    Text,
    Bool,
    Number,
    Port,
    Duration,
    Quantity,
}
