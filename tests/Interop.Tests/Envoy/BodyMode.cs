namespace Orleans.Inference.Interop.Tests.Envoy;

/// <summary>How Envoy sends both bodies to the picker.</summary>
public enum BodyMode
{
    FullDuplex,
    Buffered,
}
