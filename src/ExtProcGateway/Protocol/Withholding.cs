namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>Something that keeps back an answer until a peer goes on; a member of at most one <see cref="WithheldAnswers"/> at a time.</summary>
internal abstract class Withholding
{
    internal Withholding? Previous { get; set; }

    internal Withholding? Next { get; set; }

    /// <summary>Where it is a member; written under that list's lock only.</summary>
    internal WithheldAnswers? List { get; set; }

    /// <summary>Time stamp of when the peer was heard last.</summary>
    internal long Since { get; set; }

    /// <summary>The bound is reached. Called from a timer's thread, after the member was removed; to be carried on in the call's own turn.</summary>
    protected internal abstract void OnWithheldTooLong();
}
