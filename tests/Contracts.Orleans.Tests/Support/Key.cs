namespace Orleans.Inference.OrleansContracts.Support;

internal static class Key
{
    /// <summary>The key of a grain that no other test uses.</summary>
    public static string New() => Guid.NewGuid().ToString("N");
}
