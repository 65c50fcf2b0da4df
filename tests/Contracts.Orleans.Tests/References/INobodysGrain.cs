namespace Orleans.Inference.OrleansContracts.References;

/// <summary>No class implements it.</summary>
public interface INobodysGrain : IGrainWithStringKey
{
    Task Nothing();
}
