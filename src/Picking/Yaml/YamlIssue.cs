namespace Orleans.Inference.Picking.Yaml;

/// <summary>Something found in a YAML file, and where.</summary>
/// <remarks>Immutable.</remarks>
/// <param name="Line">From 1; 0 where no place can be named.</param>
/// <param name="Column">From 1.</param>
internal sealed record YamlIssue(IssueLevel Level, string File, long Line, long Column, string Message)
{
    /// <summary>One line: <c>file:line:column: message</c>.</summary>
    public override string ToString() => Line == 0 ? $"{File}: {Message}" : $"{File}:{Line}:{Column}: {Message}";
}
