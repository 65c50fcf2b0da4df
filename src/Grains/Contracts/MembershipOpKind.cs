namespace Orleans.Inference.Grains.Contracts;

/// <summary>How one operation changes the columns of a pool.</summary>
public enum MembershipOpKind : byte
{
    /// <summary>A server comes in at the end, with nothing known of its load, adapters and cache.</summary>
    Append = 0,

    /// <summary>The server at the index goes; the last one takes its place with all that is known of it.</summary>
    Remove = 1,

    /// <summary>The server at the index has other labels; all that is known of it stays.</summary>
    Relabel = 2,
}
