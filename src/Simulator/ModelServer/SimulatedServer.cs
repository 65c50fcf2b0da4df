namespace Orleans.Inference.Simulator.ModelServer;

/// <summary>One simulated model server: its engine, its models, and how it misbehaves at the moment.</summary>
internal sealed class SimulatedServer : IDisposable
{
    private readonly HashSet<string> _adapters;
    private readonly Lock _lock = new();

    public SimulatedServer(ModelServerOptions options, int index, TimeProvider time)
    {
        Options = options;
        Time = time;
        Seed = options.Seed + index;
        Started = time.GetUtcNow();
        _adapters = [.. options.Adapters];
        Lora = options.Adapters.Count > 0 ? new LoraGauge(time) : null;
        Driver = new EngineDriver(options.Engine, time, Lora);
        Answers = new AnswerSource(options, Seed);
    }

    public ModelServerOptions Options { get; }

    public TimeProvider Time { get; }

    public int Seed { get; }

    public DateTimeOffset Started { get; }

    public LoraGauge? Lora { get; }

    public EngineDriver Driver { get; }

    public AnswerSource Answers { get; }

    /// <summary><c>ip:port</c>; set when the server listens. Sent with each answer as <c>x-simulator-server</c>.</summary>
    public string Name { get; set; } = "";

    /// <summary>What <c>/health</c> and <c>/metrics</c> answer.</summary>
    public ServerBehaviour Behaviour { get; set; } = ServerBehaviour.Default;

    public IReadOnlyList<string> Adapters
    {
        get
        {
            lock (_lock)
            {
                return [.. _adapters.Order(StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Whether the name is served, and by which adapter (null: the base model).</summary>
    public bool TryResolve(string? model, out string name, out string? adapter)
    {
        // vLLM takes a request without a model for the base model.
        name = string.IsNullOrEmpty(model) ? Options.Model : model;
        adapter = null;
        if (name == Options.Model)
        {
            return true;
        }

        adapter = name;
        lock (_lock)
        {
            return _adapters.Contains(name);
        }
    }

    public bool AddAdapter(string name)
    {
        lock (_lock)
        {
            return _adapters.Add(name);
        }
    }

    public bool RemoveAdapter(string name)
    {
        lock (_lock)
        {
            return _adapters.Remove(name);
        }
    }

    public void Dispose() => Driver.Dispose();
}
