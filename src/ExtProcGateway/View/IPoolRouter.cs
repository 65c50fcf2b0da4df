namespace Orleans.Inference.ExtProcGateway.View;

/// <summary>Finds the pool that a call is for.</summary>
/// <remarks>Safe from any thread, allocates nothing.</remarks>
public interface IPoolRouter
{
    /// <summary>
    /// The pool of a call: the one of the port's own (<c>--listen</c>), else the one and only served (<c>--pool-name</c>, or only one found), else
    /// the one whose <c>endpointPickerRef</c> names the service in <paramref name="authority"/> (see DESIGN: with or without namespace, <c>svc</c>, cluster
    /// name, port, and behind Istio's <c>outbound|PORT||</c>). Null where none fits.
    /// </summary>
    PoolState? Resolve(string authority, int localPort);
}
