using System.Diagnostics;
using System.Globalization;
using System.Net;

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

    /// <summary>Streams that are open at once and wait for their response.</summary>
    private static readonly int[] OpenStreams = [10_000, 50_000];

    private readonly List<BenchRow> _rows = [];
    private readonly List<OpenStreamsRow> _open = [];
    private readonly List<IdleRow> _idle = [];

    public int Run()
    {
        foreach (var servers in ServerCounts)
        {
            RunServers(servers);
        }

        Directory.CreateDirectory(output);
        var command = $"dotnet run -c Release --project bench/Load -- run --seconds {seconds}";
        File.WriteAllText(Path.Combine(output, "extproc.md"), ResultTable.Markdown(_rows, _open, _idle, command));
        File.WriteAllText(Path.Combine(output, "extproc.csv"), ResultTable.Csv(_rows));
        Console.WriteLine(File.ReadAllText(Path.Combine(output, "extproc.md")));
        return _rows.TrueForAll(r => r.Figures.Failed == 0) && _open.TrueForAll(r => r.Failed == 0) ? 0 : 1;
    }

    private void RunServers(int servers)
    {
        var cases = BenchCase.All(servers).Where(one => Wanted(one.Name)).ToList();
        var open = servers == 10 ? OpenStreams.Where(count => Wanted($"{count} open streams")).ToList() : [];
        if (cases.Count == 0 && open.Count == 0 && !Wanted($"idle {servers}"))
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

        var first = MeasureIdle(picker.Id);
        var firstRow = _rows.Count;
        foreach (var one in cases)
        {
            Measure(one, Picker, picker.Id, PickerPort);
            if (servers == 10 && one.Chunks == 0)
            {
                Measure(one, Floor, floor.Id, FloorPort);
            }
        }

        if (cases.Count == 0)
        {
            Thread.Sleep(20_000); // by then what runs often is compiled
        }

        // The rows say what is used above this. At first, compiling is a part of what is used.
        var later = MeasureIdle(picker.Id);
        for (var i = firstRow; i < _rows.Count; i++)
        {
            _rows[i] = _rows[i].Server == Picker ? _rows[i] with { IdleCores = later } : _rows[i];
        }

        _idle.Add(new(servers, first, later, ProcessFigures.MemoryMiB(picker.Id).Now));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"idle, {servers} servers: {first:0.000} cores at first, {later:0.000} later"));
        open.ForEach(count => MeasureOpen(count, picker.Id));
        Directory.Delete(folder, recursive: true);
    }

    private double MeasureIdle(int processId)
    {
        Thread.Sleep(3000);
        var before = ProcessFigures.CpuSeconds(processId);
        var clock = Stopwatch.StartNew();
        Thread.Sleep(seconds * 1000);
        return (ProcessFigures.CpuSeconds(processId) - before) / clock.Elapsed.TotalSeconds;
    }

    private void Measure(BenchCase one, string server, int processId, int port)
    {
        ProcessFigures.ResetPeak(processId);
        using var client = new ClientProcess(
            Sibling("Load"), ("--port", port), ("--rate", one.Rate), ("--tokens", one.Tokens), ("--chunks", one.Chunks), ("--at-once", one.AtOnce), ("--seconds", one.Duration(seconds)));
        client.WaitForSignal();
        var before = ProcessFigures.CpuSeconds(processId);
        var clock = Stopwatch.StartNew();
        client.WaitForSignal();
        var cpu = ProcessFigures.CpuSeconds(processId) - before;
        var elapsed = clock.Elapsed.TotalSeconds;
        var figures = client.ReadFigures();
        var (resident, peak) = ProcessFigures.MemoryMiB(processId);
        var row = new BenchRow(one, server, figures, cpu, elapsed, IdleCores: 0, resident, peak);
        _rows.Add(row);
        var chunks = one.Chunks == 0 ? "" : string.Create(
            CultureInfo.InvariantCulture, $", {figures.Chunks / elapsed:0} chunks/s, {row.CpuAChunkAboveIdle:0.00} µs a chunk, idle included, p50 {figures.ChunkP50:0.000} p95 {figures.ChunkP95:0.000} ms");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{one.Name}, {server}: {figures.PerSecond:0}/s, {figures.Failed} failed {figures.FirstError}, p50 {figures.P50:0.000} p95 {figures.P95:0.000} p99 {figures.P99:0.000} ms, {row.CpuPerThousand:0.000} CPU-s/1,000, {peak:0} MiB{chunks}"));
    }

    private void MeasureOpen(int streams, int processId)
    {
        Hold(streams / 10, () => { }); // what the first streams of a process cost once
        Thread.Sleep(1000);
        var before = ProcessFigures.MemoryMiB(processId).Now;
        double during = 0;
        var failed = Hold(streams, () =>
        {
            Thread.Sleep(1000);
            during = ProcessFigures.MemoryMiB(processId).Now;
        });
        Thread.Sleep(1000);
        var row = new OpenStreamsRow(streams, failed, before, during, ProcessFigures.MemoryMiB(processId).Now);
        _open.Add(row);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{streams} open streams: {failed} failed, {before:0} MiB before, {during:0} while they wait, {row.AfterMiB:0} after, {row.KiBEach:0.0} KiB each"));
    }

    private static int Hold(int streams, Action measure)
    {
        using var client = new ClientProcess(Sibling("Load"), ("--port", PickerPort), ("--streams", streams));
        client.WaitForSignal();
        measure();
        client.GoOn();
        var figures = client.ReadFigures();
        return figures.Succeeded == streams ? figures.Failed : streams - figures.Succeeded;
    }

    private bool Wanted(string name) => only is null || name.Contains(only, StringComparison.Ordinal);

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
