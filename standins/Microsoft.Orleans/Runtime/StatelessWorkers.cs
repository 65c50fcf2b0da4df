namespace Orleans.Runtime;

/// <summary>The activations that one silo has of one stateless worker.</summary>
internal sealed class StatelessWorkers(Silo silo, GrainClass grainClass, GrainId id) : ICallTarget
{
    private readonly Lock _gate = new();
    private readonly List<Activation> _workers = [];

    public bool TryEnqueue(RequestCall call)
    {
        while (true)
        {
            Activation? worker;
            lock (_gate)
            {
                _workers.RemoveAll(w => w.Deactivated.IsCompleted);
                worker = _workers.MinBy(w => w.Load);
                if (worker is null || (worker.Load > 0 && _workers.Count < grainClass.MaxLocalWorkers))
                {
                    worker = silo.TryActivate(grainClass, id);
                    if (worker is null)
                    {
                        return false;
                    }

                    _workers.Add(worker);
                }
            }

            if (worker.TryEnqueue(call))
            {
                return true;
            }

            lock (_gate)
            {
                _workers.Remove(worker);
            }
        }
    }

    public void Cancel(RequestCall call)
    {
        // The worker that took the call is its target from then on.
    }
}
