namespace Orleans.Inference.Picking.Configuration;

/// <summary>A plugin to which a server's figures are worth nothing from some age on.</summary>
internal interface IStaleAfter
{
    /// <summary>That age.</summary>
    TimeSpan StaleAfter { get; }
}
