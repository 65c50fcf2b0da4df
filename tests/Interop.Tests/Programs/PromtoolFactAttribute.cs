namespace Orleans.Inference.Interop.Tests.Programs;

/// <summary>A test that needs promtool.</summary>
internal sealed class PromtoolFactAttribute : FactAttribute
{
    public PromtoolFactAttribute()
    {
        if (RequiredPrograms.Promtool is null)
        {
            Skip = RequiredPrograms.NoPromtool;
        }
    }
}
