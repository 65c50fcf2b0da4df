using Microsoft.Extensions.Logging;

namespace Orleans.Inference.ExtProcGateway.Tests.Edge;

/// <inheritdoc cref="RecordingLogger"/>
internal sealed class RecordingLogger<T> : RecordingLogger, ILogger<T>;
