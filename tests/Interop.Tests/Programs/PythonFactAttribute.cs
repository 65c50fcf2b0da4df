namespace Orleans.Inference.Interop.Tests.Programs;

/// <inheritdoc cref="PythonTheoryAttribute"/>
internal sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute()
    {
        if (RequiredPrograms.Python is null)
        {
            Skip = RequiredPrograms.NoPython;
        }
    }
}
