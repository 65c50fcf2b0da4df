namespace Orleans.Inference.Interop.Tests.Programs;

/// <summary>A test that is skipped, saying why, where its program is missing.</summary>
internal sealed class PythonTheoryAttribute : TheoryAttribute
{
    public PythonTheoryAttribute()
    {
        if (RequiredPrograms.Python is null)
        {
            Skip = RequiredPrograms.NoPython;
        }
    }
}
