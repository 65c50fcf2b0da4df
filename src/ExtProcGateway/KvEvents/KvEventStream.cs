using System.Text;
using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.ExtProcGateway.KvEvents;

/// <summary>The order of one server's batches: what they tell is kept only as long as none is missing.</summary>
/// <remarks>
/// Batches are numbered. One that was lost may have told that blocks are gone, and a number that goes back is a server that was started anew: in both cases everything is forgotten, unless the
/// server tells again what was lost. For one thread at a time.
/// </remarks>
internal sealed class KvEventStream(EngineBlockIndex index, ServerBlocks blocks)
{
    private readonly KvEventApplier _applier = new(index, blocks);
    private byte[] _model = [];
    private ulong? _last;
    private ulong? _lastLive;

    /// <summary>Outcome of a batch that the server published.</summary>
    public enum Taken
    {
        /// <summary>It is applied, or was already.</summary>
        Applied,

        /// <summary>Batches before it are missing, from <see cref="Wanted"/> on; it is not applied.</summary>
        Missing,

        /// <summary>It is no batch; all that was known is forgotten.</summary>
        Unreadable,
    }

    /// <summary>Number of the batch that has to come next.</summary>
    public ulong Wanted => _last + 1 ?? 0;

    /// <summary>The model that the server publishes for is known.</summary>
    public bool HasModel => _model.Length > 0;

    /// <summary>Nothing is known of the server.</summary>
    public bool IsNew => _last is null;

    /// <summary>There was no room for all blocks.</summary>
    public bool IsFull => _applier.IsFull;

    /// <summary>Takes a batch that the server published just now.</summary>
    /// <param name="isComplete">What is missing won't come any more: forget, and go on from here.</param>
    public Taken TakeLive(in KvMessage message, bool isComplete)
    {
        if (message.Sequence <= _lastLive)
        {
            // The server was started anew.
            Forget();
        }

        if (message.Sequence <= _last)
        {
            _lastLive = message.Sequence;
            return Taken.Applied; // told again before it came
        }

        if (message.Sequence != Wanted)
        {
            if (!isComplete)
            {
                return Taken.Missing;
            }

            Forget();
        }

        _lastLive = message.Sequence;
        return Apply(message);
    }

    /// <summary>Takes a batch that the server tells again, in order.</summary>
    /// <returns>False where it can't be used: it is none, or one before it is missing, of those that were applied, or its model is not known.</returns>
    public bool TakeAgain(in KvMessage message)
    {
        if (message.Topic.IsEmpty && !HasModel)
        {
            return false;
        }

        // What a server has not kept any more is missing at the begin; blocks that hang on it are not known then.
        if (_last is not null && message.Sequence != Wanted)
        {
            Forget();
        }

        return Apply(message) == Taken.Applied;
    }

    /// <summary>Forgets what the server holds.</summary>
    public void Forget()
    {
        _applier.Clear();
        _last = null;
        _lastLive = null;
    }

    private Taken Apply(in KvMessage message)
    {
        if (!message.Topic.IsEmpty)
        {
            TakeModel(KvMessage.ModelOf(message.Topic.Span));
        }

        if (!_applier.Apply(_model, message.Batch.Span))
        {
            Forget();
            return Taken.Unreadable;
        }

        _last = message.Sequence;
        return Taken.Applied;
    }

    private void TakeModel(ReadOnlySpan<byte> model)
    {
        if (!model.SequenceEqual(_model))
        {
            _model = model.ToArray();
            index.Model = Encoding.UTF8.GetString(model);
        }
    }
}
