namespace Orleans.Inference.Interop.Tests.Clients;

/// <summary>grpc-js, whose HTTP/2 is Node's.</summary>
internal sealed class NodeAttribute(params object[] more) : ClientDataAttribute(GrpcClient.Node.Name, more);
