namespace Orleans.Runtime;

/// <summary>Where calls of an observer end that its client has deleted: no one answers them.</summary>
internal sealed class DeletedObserver : ICallTarget
{
    public static DeletedObserver Instance { get; } = new();

    public bool TryEnqueue(RequestCall call) => true;

    public void Cancel(RequestCall call)
    {
    }
}
