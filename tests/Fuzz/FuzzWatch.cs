namespace Orleans.Inference.Fuzz;

/// <summary>Notices an input that does not come to an end, and ends the process with it written down.</summary>
internal sealed class FuzzWatch : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    private readonly IReadOnlyList<FuzzRun> _runs;
    private readonly DirectoryInfo _failures;
    private readonly (byte[] Input, long Number)[] _before;
    private readonly Timer _timer;

    public FuzzWatch(IReadOnlyList<FuzzRun> runs, DirectoryInfo failures)
    {
        _runs = runs;
        _failures = failures;
        _before = new (byte[], long)[runs.Count];
        _timer = new Timer(_ => Look(), null, Longest, Longest);
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>One run at a time is at work, so all of them stand still only where one does not end.</summary>
    private void Look()
    {
        var moved = false;
        for (var i = 0; i < _runs.Count; i++)
        {
            var now = _runs[i].Current;
            moved |= now != _before[i];
            _before[i] = now;
        }

        if (moved)
        {
            return;
        }

        foreach (var run in _runs)
        {
            _failures.Create();
            var path = Path.Combine(_failures.FullName, $"{run.Name}-endless");
            File.WriteAllBytes(path, run.Current.Input);
            Console.WriteLine($"an input takes longer than {Longest.TotalSeconds} s; the last of {run.Name} is written to {path}");
        }

        Environment.Exit(1);
    }
}
