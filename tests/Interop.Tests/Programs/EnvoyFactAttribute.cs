namespace Orleans.Inference.Interop.Tests.Programs;

/// <inheritdoc cref="EnvoyTheoryAttribute"/>
internal sealed class EnvoyFactAttribute : FactAttribute
{
    public EnvoyFactAttribute()
    {
        if (RequiredPrograms.Envoy is null)
        {
            Skip = RequiredPrograms.NoEnvoy;
        }
    }
}
