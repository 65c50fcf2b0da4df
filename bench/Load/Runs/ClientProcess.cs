using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Orleans.Inference.Bench.Load.Client;

namespace Orleans.Inference.Bench.Load.Runs;

/// <summary>A process that plays Envoy.</summary>
internal sealed class ClientProcess : IDisposable
{
    private readonly Process _process;

    /// <param name="dll">This program.</param>
    /// <param name="options">Options of its <c>client</c> command.</param>
    public ClientProcess(string dll, params (string Name, object Value)[] options)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardInput = true, ArgumentList = { dll, "client" } };
        foreach (var (name, value) in options)
        {
            start.ArgumentList.Add(name);
            start.ArgumentList.Add(Convert.ToString(value, CultureInfo.InvariantCulture)!);
        }

        _process = Process.Start(start)!;
    }

    /// <summary>Waits for the next of its signals, «begin» and «end».</summary>
    public void WaitForSignal() => _process.StandardOutput.ReadLine();

    /// <summary>Lets the exchanges go on that wait.</summary>
    public void GoOn() => _process.StandardInput.WriteLine();

    /// <summary>Waits for its end.</summary>
    public LoadFigures ReadFigures()
    {
        var figures = JsonSerializer.Deserialize<LoadFigures>(_process.StandardOutput.ReadToEnd())!;
        _process.WaitForExit();
        return figures;
    }

    public void Dispose() => _process.Dispose();
}
