using System.Diagnostics;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Interop.Tests.Programs;

/// <summary>Programs that were not written here and drive the picker in these tests; each is null where it is missing, with the reason beside it.</summary>
internal static class RequiredPrograms
{
    private static readonly Lazy<string?> FoundPython = new(() => FindPython(Environment.GetEnvironmentVariable("GRPC_PYTHON"), "import grpc, google.protobuf"));
    private static readonly Lazy<string?> FoundZeroMq = new(() => FindPython(null, "import zmq, msgpack"));

    public const string NoEnvoy = "skipped: ENVOY_BIN names no Envoy binary";
    public const string NoPython = "skipped: no python3 with grpcio (GRPC_PYTHON, or Debian's python3-grpcio)";
    public const string NoZeroMq = "skipped: no python3 with pyzmq and msgpack (Debian's python3-zmq and python3-msgpack)";
    public const string NoNode = "skipped: no node with @grpc/grpc-js (GRPC_JS_MODULES names its node_modules; .ci/run installs it)";

    public const string NoPromtool = "skipped: no promtool (PROMTOOL_BIN, or Debian's prometheus; .ci/run installs it)";
    public const string NoPrometheus = "skipped: no prometheus (PROMETHEUS_BIN, or Debian's prometheus; .ci/run installs it)";

    public static string? Envoy { get; } = Named("ENVOY_BIN");

    public static string? Promtool { get; } = Named("PROMTOOL_BIN") ?? OnPath("promtool");

    public static string? Prometheus { get; } = Named("PROMETHEUS_BIN") ?? OnPath("prometheus");

    public static string? Python => FoundPython.Value;

    public static string? ZeroMqPython => FoundZeroMq.Value;

    public static string? Node { get; } = OnPath("node");

    /// <summary>The <c>node_modules</c> folder that holds <c>@grpc/grpc-js</c> and <c>@grpc/proto-loader</c>.</summary>
    public static string? NodeModules { get; } = FindNodeModules();

    private static string? FindPython(string? named, string imports)
    {
        foreach (var candidate in new[] { named, "/usr/bin/python3", OnPath("python3") })
        {
            if (!string.IsNullOrEmpty(candidate) && File.Exists(candidate) && Runs(candidate, "-c", imports))
            {
                return candidate;
            }
        }

        return null;
    }

    private static string? FindNodeModules()
    {
        var named = Environment.GetEnvironmentVariable("GRPC_JS_MODULES");
        var folders = new[] { named, Path.Combine(RepositoryPaths.Root, "artifacts", "clients", "node_modules") };
        return folders.FirstOrDefault(folder =>
            !string.IsNullOrEmpty(folder) && Directory.Exists(Path.Combine(folder, "@grpc", "grpc-js")) && Directory.Exists(Path.Combine(folder, "@grpc", "proto-loader")));
    }

    private static string? Named(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } path && File.Exists(path) ? path : null;

    private static string? OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static bool Runs(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        if (process.WaitForExit(TimeSpan.FromSeconds(60)))
        {
            return process.ExitCode == 0;
        }

        process.Kill();
        return false;
    }
}
