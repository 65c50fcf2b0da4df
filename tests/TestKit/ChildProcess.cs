using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Orleans.Inference.TestKit;

/// <summary>A process that a test starts. It ends with its disposal, and at the latest with the test's own process.</summary>
public sealed partial class ChildProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const int SigKill = 9;
    private static readonly TimeSpan PortPause = TimeSpan.FromMilliseconds(20);

    private readonly Process _process;
    private readonly ProcessOutput _output;
    private readonly Task _exited;
    private readonly EventHandler _onProcessExit;

    private ChildProcess(Process process, ProcessOutput output, Task exited)
    {
        _process = process;
        _output = output;
        _exited = exited;
        _onProcessExit = (_, _) => Kill();
        AppDomain.CurrentDomain.ProcessExit += _onProcessExit;
    }

    /// <summary>Process id.</summary>
    public int Id => _process.Id;

    /// <summary>Standard output and error so far, line by line as they came.</summary>
    public string Output => _output.ToString();

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Starts <c>dotnet</c> with a dll (see <see cref="RepositoryPaths"/>).</summary>
    public static ChildProcess StartDotnet(string dll, params IEnumerable<string> arguments) => StartDotnet(dll, arguments, environment: null);

    /// <inheritdoc cref="StartDotnet(string, IEnumerable{string})"/>
    /// <param name="environment">Variables beside those of this process; null as value takes one away.</param>
    public static ChildProcess StartDotnet(string dll, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment)
    {
        return Start(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [dll, .. arguments], environment);
    }

    /// <summary>Starts a program.</summary>
    /// <param name="environment">Variables beside those of this process; null as value takes one away.</param>
    public static ChildProcess Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var output = new ProcessOutput();
        process.OutputDataReceived += (_, line) => output.Add(line.Data);
        process.ErrorDataReceived += (_, line) => output.Add(line.Data);
        if (!process.Start())
        {
            throw new InvalidOperationException($"{program} did not start.");
        }

        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        // Waits for the ends of both outputs too, so that a line is either there or never comes.
        var exited = process.WaitForExitAsync().ContinueWith(_ => output.End(), TaskScheduler.Default);
        return new ChildProcess(process, output, exited);
    }

    /// <summary>Writes a line to its standard input.</summary>
    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>The first line, of those that came and those to come, that contains <paramref name="text"/>.</summary>
    /// <exception cref="InvalidOperationException">The process has ended without it; the message has its output.</exception>
    /// <exception cref="TimeoutException">It did not come in time; the message has the output.</exception>
    public async Task<string> WaitForLineAsync(string text, TimeSpan? timeout = null)
    {
        string? line;
        try
        {
            line = await _output.WaitForAsync(text).WaitAsync(timeout ?? Bounds.Wait);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The line «{text}» did not come. Output:\n{Output}");
        }

        return line ?? throw new InvalidOperationException($"The process has ended without the line «{text}». Output:\n{Output}");
    }

    /// <summary>Waits until something listens on a port.</summary>
    public async Task WaitForPortAsync(int port, string host = "127.0.0.1", TimeSpan? timeout = null)
    {
        using var bound = new CancellationTokenSource(timeout ?? Bounds.Wait);
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(host, port, bound.Token);
                return;
            }
            catch (SocketException) when (!HasExited)
            {
                await Task.Delay(PortPause, CancellationToken.None);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                throw new TimeoutException($"Nothing listens on {host}:{port}. Output:\n{Output}");
            }
        }
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code; 128 + signal where a signal ended it.</returns>
    public async Task<int> WaitForExitAsync(TimeSpan? timeout = null)
    {
        try
        {
            await _exited.WaitAsync(timeout ?? Bounds.Wait);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The process {Id} did not end. Output:\n{Output}");
        }

        return _process.ExitCode;
    }

    /// <summary>SIGTERM, and the wait for its end.</summary>
    public Task<int> StopAsync(TimeSpan? timeout = null)
    {
        Terminate();
        return WaitForExitAsync(timeout);
    }

    /// <summary>SIGTERM (on Windows, which has none: as <see cref="Kill"/>).</summary>
    public void Terminate() => Signal(SigTerm);

    /// <summary>SIGKILL.</summary>
    public void Kill() => Signal(SigKill);

    /// <summary>Any signal, for example SIGSTOP (19 on Linux).</summary>
    public void Signal(int signal)
    {
        if (_process.HasExited)
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            _process.Kill(entireProcessTree: true);
        }
        else
        {
            _ = SendSignal(_process.Id, signal);
        }
    }

    /// <summary>Ends it with SIGKILL if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        Kill();
        await WaitForExitAsync();
        AppDomain.CurrentDomain.ProcessExit -= _onProcessExit;
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int pid, int signal);
}
