namespace Orleans.Inference.Grains.Contracts;

/// <summary>One change of the columns of a pool, applied in order and identically at both ends; columns stay dense.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Index">Where, in the columns as the operation finds them; for <see cref="MembershipOpKind.Append"/> their length.</param>
/// <param name="Server">The server that comes in or has other labels; null for <see cref="MembershipOpKind.Remove"/>.</param>
[GenerateSerializer, Immutable, Alias("Orleans.Inference.MembershipOp")]
public readonly record struct MembershipOp([property: Id(0)] MembershipOpKind Kind, [property: Id(1)] int Index, [property: Id(2)] ModelServerSpec? Server);
