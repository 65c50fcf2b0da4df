using Microsoft.Extensions.DependencyInjection;

namespace Orleans;

[AttributeUsage(AttributeTargets.Constructor)]
public sealed class OrleansConstructorAttribute : ActivatorUtilitiesConstructorAttribute;
