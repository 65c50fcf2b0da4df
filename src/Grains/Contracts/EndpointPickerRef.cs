namespace Orleans.Inference.Grains.Contracts;

/// <summary>The service that a pool names as its picker (<c>spec.endpointPickerRef</c>).</summary>
/// <remarks>Immutable.</remarks>
/// <param name="Name">Name of the service, in the pool's namespace.</param>
/// <param name="Port">Its ext_proc port; null where the pool names none.</param>
[GenerateSerializer, Immutable, Alias("Orleans.Inference.EndpointPickerRef")]
public sealed record EndpointPickerRef([property: Id(0)] string Name, [property: Id(1)] int? Port);
