namespace Orleans.Inference.TestKit;

/// <summary>The lines that a process has written, and those who wait for one.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ProcessOutput
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<(string Text, TaskCompletionSource<string?> Found)> _waiting = [];
    private bool _ended;

    public void Add(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lock)
        {
            _lines.Add(line);
            foreach (var waiter in _waiting.FindAll(w => line.Contains(w.Text, StringComparison.Ordinal)))
            {
                _waiting.Remove(waiter);
                waiter.Found.SetResult(line);
            }
        }
    }

    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            foreach (var (_, found) in _waiting)
            {
                found.SetResult(null);
            }

            _waiting.Clear();
        }
    }

    /// <summary>The first line with the text; null when the process ends without one.</summary>
    public Task<string?> WaitForAsync(string text)
    {
        lock (_lock)
        {
            var line = _lines.Find(l => l.Contains(text, StringComparison.Ordinal));
            if (line is not null || _ended)
            {
                return Task.FromResult(line);
            }

            var found = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((text, found));
            return found.Task;
        }
    }

    public override string ToString()
    {
        lock (_lock)
        {
            return string.Join('\n', _lines);
        }
    }
}
