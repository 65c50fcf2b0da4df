namespace Orleans.Inference.Grains.Contracts;

/// <summary>What a subscriber is told when it subscribes or renews.</summary>
public enum PoolSubscriptionState : byte
{
    /// <summary>The pool grain has no membership: just activated, and discovery has not told it yet. Keep what you have and ask again.</summary>
    Unknown = 0,

    /// <summary>What you have is current, or the frames that make it so are on their way.</summary>
    Current = 1,

    /// <summary>Replace what you have by the snapshot.</summary>
    Snapshot = 2,
}
