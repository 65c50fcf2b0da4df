namespace Orleans.Inference.Interop.Tests.Programs;

/// <summary>A test that needs ZeroMQ's own library.</summary>
internal sealed class ZeroMqFactAttribute : FactAttribute
{
    public ZeroMqFactAttribute()
    {
        if (RequiredPrograms.ZeroMqPython is null)
        {
            Skip = RequiredPrograms.NoZeroMq;
        }
    }
}
