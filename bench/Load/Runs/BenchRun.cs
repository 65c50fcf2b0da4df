using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Orleans.Inference.Bench.Load.Client;

namespace Orleans.Inference.Bench.Load.Runs;

/// <summary>Runs all cases, each server in a process of its own, and writes the tables.</summary>
internal sealed class BenchRun(int seconds, string? only, string output)
{
    public const string Picker = "picker";
    public const string Floor = "bare Kestrel";

    private const int PickerPort = 19_002;
    private const int FloorPort = 19_012;
    private const int ServerPort = 18_000;

    private static readonly int[] ServerCounts = [10, 100, 1000];
    private static readonly int[] PromptTokens = [200, 10_000];
    private static readonly double[] Rates = [100, 200, 500, 2000, 0];

    private readonly List<BenchRow> _rows = [];
    private readonly List<(int Servers, double Cores, double MiB)> _idle = [];

    public int Run()
    {
        foreach (var servers in ServerCounts)
        {
            RunServers(servers);
        }

        Directory.CreateDirectory(output);
        var command = $"dotnet run -c Release --project bench/Load -- run --seconds {seconds}";
        File.WriteAllText(Path.Combine(output, "extproc.md"), ResultTable.Markdown(_rows, _idle, command));
        File.WriteAllText(Path.Combine(output, "extproc.csv"), ResultTable.Csv(_rows));
        Console.WriteLine(File.ReadAllText(Path.Combine(output, "extproc.md")));
        return _rows.TrueForAll(r => r.Figures.Failed == 0) ? 0 : 1;
    }

    private void RunServers(int servers)
    {
        var cases = servers > 100
            ? []
            : PromptTokens.SelectMany(tokens => Rates.Select(rate => new BenchCase(servers, tokens, rate))).Where(Wanted).ToList();
        var idleWanted = only is null || $"idle {servers}".Contains(only, StringComparison.Ordinal);
        if (cases.Count == 0 && !idleWanted)
        {
            return;
        }

        var folder = Directory.CreateTempSubdirectory("bench-").FullName;
        Manifests.Write(folder, servers, ServerPort);
        using var simulators = BenchProcess.Start(Sibling("Simulator"), "model-server", "--count", Text(servers), "--base-address", Manifests.Address(0), "--port", Text(ServerPort));
        simulators.WaitForPort(new IPEndPoint(IPAddress.Parse(Manifests.Address(servers - 1)), ServerPort));
        using var floor = BenchProcess.Start(Sibling("Load"), "bare-kestrel", "--port", Text(FloorPort));
        floor.WaitForPort(new IPEndPoint(IPAddress.Loopback, FloorPort));
        using var picker = BenchProcess.Start(
            Sibling("Silo"),
            "--pool-name", "bench", "--manifests", folder, "--secure-serving=false", "--grpc-port", Text(PickerPort), "--grpc-health-port", "19003",
            "--metrics-port", "19090", "--dashboard-port", "0", "--silo-port", "21111", "--orleans-gateway-port", "0");
        picker.WaitForPort(new IPEndPoint(IPAddress.Loopback, PickerPort));
        Thread.Sleep(3000); // the first scrapes

        if (idleWanted)
        {
            MeasureIdle(servers, picker.Id);
        }

        foreach (var one in cases)
        {
            Measure(one, Picker, picker.Id, PickerPort);
            if (servers == 10)
            {
                Measure(one, Floor, floor.Id, FloorPort);
            }
        }

        Directory.Delete(folder, recursive: true);
    }

    private void MeasureIdle(int servers, int processId)
    {
        Thread.Sleep(3000);
        var before = ProcessFigures.CpuSeconds(processId);
        var clock = Stopwatch.StartNew();
        Thread.Sleep(seconds * 1000);
        var cores = (ProcessFigures.CpuSeconds(processId) - before) / clock.Elapsed.TotalSeconds;
        var memory = ProcessFigures.MemoryMiB(processId).Now;
        _idle.Add((servers, cores, memory));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"idle, {servers} servers: {cores:0.000} cores, {memory:0} MiB"));
    }

    private void Measure(BenchCase one, string server, int processId, int port)
    {
        using var client = Process.Start(new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            ArgumentList = { Sibling("Load"), "client", "--port", Text(port), "--rate", Text(one.Rate), "--tokens", Text(one.Tokens), "--seconds", Text(seconds) },
        })!;

        // The client says when its measured time begins and when it is over.
        client.StandardOutput.ReadLine();
        var before = ProcessFigures.CpuSeconds(processId);
        var clock = Stopwatch.StartNew();
        client.StandardOutput.ReadLine();
        var cpu = ProcessFigures.CpuSeconds(processId) - before;
        var elapsed = clock.Elapsed.TotalSeconds;
        var figures = JsonSerializer.Deserialize<LoadFigures>(client.StandardOutput.ReadToEnd())!;
        client.WaitForExit();
        var row = new BenchRow(one, server, figures, figures.Succeeded == 0 ? 0 : cpu / figures.Succeeded * 1000, cpu / elapsed, ProcessFigures.MemoryMiB(processId).Peak);
        _rows.Add(row);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{one.Name}, {server}: {figures.PerSecond:0}/s, {figures.Failed} failed {figures.FirstError}, p50 {figures.P50:0.000} p95 {figures.P95:0.000} p99 {figures.P99:0.000} ms, {row.CpuPerThousand:0.000} CPU-s/1,000, {row.PeakMiB:0} MiB"));
    }

    private bool Wanted(BenchCase one) => only is null || one.Name.Contains(only, StringComparison.Ordinal);

    /// <summary>The built program of another project, in the same artifacts folder and configuration.</summary>
    private static string Sibling(string project)
    {
        var mine = new DirectoryInfo(AppContext.BaseDirectory);
        var name = project == "Load" ? "Orleans.Inference.Bench.Load" : $"Orleans.Inference.{project}";
        var path = Path.Combine(mine.Parent!.Parent!.FullName, project, mine.Name, $"{name}.dll");
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is not there: build the solution in this configuration first");
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
