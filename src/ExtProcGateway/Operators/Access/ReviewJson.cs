using System.Text.Json.Serialization;

namespace Orleans.Inference.ExtProcGateway.Operators.Access;

/// <summary>The parts of Kubernetes' TokenReview and SubjectAccessReview that are written and read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TokenReview))]
[JsonSerializable(typeof(AccessReview))]
internal sealed partial class ReviewJson : JsonSerializerContext;

internal sealed record TokenReview(string ApiVersion, string Kind, TokenReviewSpec? Spec, TokenReviewStatus? Status = null);

internal sealed record TokenReviewSpec(string Token);

internal sealed record TokenReviewStatus(bool Authenticated, ReviewedUser? User);

internal sealed record ReviewedUser(string? Username, string? Uid, string[]? Groups, Dictionary<string, string[]>? Extra);

internal sealed record AccessReview(string ApiVersion, string Kind, AccessReviewSpec? Spec, AccessReviewStatus? Status = null);

internal sealed record AccessReviewSpec(NonResource NonResourceAttributes, string? User, string? Uid, string[]? Groups, Dictionary<string, string[]>? Extra);

internal sealed record NonResource(string Path, string Verb);

internal sealed record AccessReviewStatus(bool Allowed);
