namespace Orleans.Runtime;

/// <summary>Tells the services of one activation which activation it is.</summary>
internal sealed class ActivationScope : IGrainContextAccessor
{
    public Activation? Activation { get; set; }

    public IGrainContext GrainContext =>
        Activation ?? RuntimeContext.Current ?? throw new InvalidOperationException("There is no grain here: this is no activation's scope.");
}
