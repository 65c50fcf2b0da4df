namespace Orleans.Inference.Interop.Tests.Clients;

/// <summary>grpcio, the C core's client.</summary>
internal sealed class PythonAttribute(params object[] more) : ClientDataAttribute(GrpcClient.Python.Name, more);
