using System.Reflection;
using Xunit.Sdk;

namespace Orleans.Inference.Interop.Tests.Clients;

/// <summary>One row of a theory for one client, whose name is the first argument; skipped, saying why, where its program is missing.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal abstract class ClientDataAttribute : DataAttribute
{
    private readonly string _client;
    private readonly object[] _more;

    protected ClientDataAttribute(string client, object[] more)
    {
        _client = client;
        _more = more;
        Skip = GrpcClient.Find(client).Missing;
    }

    /// <inheritdoc/>
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[_client, .. _more]];
}
