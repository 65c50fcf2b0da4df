using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Orleans.Inference.Bench.Load.Runs;

/// <summary>A process of the benchmark, ended with it.</summary>
internal sealed class BenchProcess : IDisposable
{
    private readonly Process _process;
    private readonly Queue<string> _lastLines = new();

    private BenchProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>Starts <c>dotnet DLL arguments</c>; its output is kept only to explain a failure.</summary>
    public static BenchProcess Start(string dll, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(dll);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var process = new BenchProcess(Process.Start(start) ?? throw new InvalidOperationException($"{dll} did not start"));
        process._process.OutputDataReceived += (_, e) => process.Keep(e.Data);
        process._process.ErrorDataReceived += (_, e) => process.Keep(e.Data);
        process._process.BeginOutputReadLine();
        process._process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Waits until a port accepts connections.</summary>
    public void WaitForPort(IPEndPoint address)
    {
        for (var end = DateTime.UtcNow.AddSeconds(60); DateTime.UtcNow < end; Thread.Sleep(100))
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"process {Id} has ended with {_process.ExitCode}:\n{Output()}");
            }

            using var probe = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Connect(address);
                return;
            }
            catch (SocketException)
            {
                // not listening yet
            }
        }

        throw new TimeoutException($"nothing listens on {address} after 60 s:\n{Output()}");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit(10_000);
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (_lastLines)
        {
            _lastLines.Enqueue(line ?? "");
            if (_lastLines.Count > 30)
            {
                _lastLines.Dequeue();
            }
        }
    }

    private string Output()
    {
        lock (_lastLines)
        {
            return string.Join('\n', _lastLines);
        }
    }
}
