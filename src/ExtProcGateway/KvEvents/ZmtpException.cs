namespace Orleans.Inference.ExtProcGateway.KvEvents;

/// <summary>The other side does not speak ZMTP as it has to.</summary>
internal sealed class ZmtpException(string message) : IOException(message);
