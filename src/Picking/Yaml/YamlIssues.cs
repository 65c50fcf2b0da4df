namespace Orleans.Inference.Picking.Yaml;

/// <summary>Collects what is found in one file.</summary>
internal sealed class YamlIssues(string file)
{
    /// <summary>Of a file that is wrong everywhere, the first findings are enough.</summary>
    private const int MaxIssues = 50;

    private readonly List<YamlIssue> _all = [];

    public IReadOnlyList<YamlIssue> All => _all;

    public bool HasErrors => ErrorCount > 0;

    /// <summary>All errors, those that are not listed included.</summary>
    public int ErrorCount { get; private set; }

    public void Error(YamlNode at, string message) => Add(IssueLevel.Error, at.Line, at.Column, message);

    public void Warning(YamlNode at, string message) => Add(IssueLevel.Warning, at.Line, at.Column, message);

    public void Info(YamlNode at, string message) => Add(IssueLevel.Info, at.Line, at.Column, message);

    public void Error(long line, long column, string message) => Add(IssueLevel.Error, line, column, message);

    private void Add(IssueLevel level, long line, long column, string message)
    {
        ErrorCount += level == IssueLevel.Error ? 1 : 0;
        if (_all.Count < MaxIssues)
        {
            _all.Add(new(level, file, line, column, message));
        }
        else if (_all.Count == MaxIssues)
        {
            _all.Add(new(IssueLevel.Warning, file, line, column, $"more was found; only the first {MaxIssues} findings are listed"));
        }
    }
}
