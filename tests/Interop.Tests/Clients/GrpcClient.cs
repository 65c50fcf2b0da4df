using Orleans.Inference.Interop.Tests.Programs;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Interop.Tests.Clients;

/// <summary>A gRPC client in another language, run as a process for each scenario.</summary>
internal abstract class GrpcClient
{
    private static readonly string Folder = AppContext.BaseDirectory;

    public static GrpcClient Python { get; } = new PythonClient();

    public static GrpcClient Node { get; } = new NodeClient();

    /// <summary>The client of that <see cref="Name"/>.</summary>
    public static GrpcClient Find(string name) => new[] { Python, Node }.Single(client => client.Name == name);

    /// <summary>What tests call it.</summary>
    public abstract string Name { get; }

    /// <summary>Why it can't be run here; null where it can.</summary>
    public abstract string? Missing { get; }

    /// <summary>Starts a scenario of the client's script.</summary>
    /// <param name="port">Port of the picker.</param>
    /// <param name="options">Options as <c>name=value</c>.</param>
    public abstract ChildProcess Start(string scenario, int port, params string[] options);

    private sealed class PythonClient : GrpcClient
    {
        public override string Name => "python";

        public override string? Missing => RequiredPrograms.Python is null ? RequiredPrograms.NoPython : null;

        public override ChildProcess Start(string scenario, int port, params string[] options) =>
            ChildProcess.Start(
                RequiredPrograms.Python!,
                [Path.Combine(Folder, "python", "client.py"), scenario, Descriptors.File, $"127.0.0.1:{port}", .. options]);
    }

    private sealed class NodeClient : GrpcClient
    {
        public override string Name => "node";

        public override string? Missing => RequiredPrograms.Node is null || RequiredPrograms.NodeModules is null ? RequiredPrograms.NoNode : null;

        public override ChildProcess Start(string scenario, int port, params string[] options) =>
            ChildProcess.Start(
                RequiredPrograms.Node!,
                [Path.Combine(Folder, "node", "client.js"), scenario, Path.Combine(RepositoryPaths.Root, "src", "Simulator", "Protos"), $"127.0.0.1:{port}", .. options],
                new Dictionary<string, string?> { ["NODE_PATH"] = RequiredPrograms.NodeModules });
    }
}
