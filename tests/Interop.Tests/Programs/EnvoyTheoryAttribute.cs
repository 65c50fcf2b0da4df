namespace Orleans.Inference.Interop.Tests.Programs;

/// <summary>A test that is skipped, saying why, where its program is missing.</summary>
internal sealed class EnvoyTheoryAttribute : TheoryAttribute
{
    public EnvoyTheoryAttribute()
    {
        if (RequiredPrograms.Envoy is null)
        {
            Skip = RequiredPrograms.NoEnvoy;
        }
    }
}
