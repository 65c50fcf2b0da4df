namespace Orleans.Inference.ExtProcGateway.Tests.Http2;

/// <summary>A test that needs the program h2spec, named by the variable <c>H2SPEC</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class H2SpecFactAttribute : FactAttribute
{
    public H2SpecFactAttribute()
    {
        if (Program is null)
        {
            Skip = "H2SPEC names no program: HTTP/2 conformance is not checked.";
        }
    }

    public static string? Program { get; } = Environment.GetEnvironmentVariable("H2SPEC") is { Length: > 0 } path && File.Exists(path) ? path : null;
}
