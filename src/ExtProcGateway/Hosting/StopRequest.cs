using System.Runtime.InteropServices;

namespace Orleans.Inference.ExtProcGateway.Hosting;

/// <summary>Listens for a further SIGTERM or Ctrl-C while the process stops; the host itself sees to the first.</summary>
internal sealed class StopRequest : IDisposable
{
    private readonly CancellationTokenSource _again = new();
    private readonly Action _told;
    private readonly PosixSignalRegistration[] _signals;
    private int _isTold;

    /// <param name="told">Called once, before anything is cut short: the process may have ended a moment after that.</param>
    public StopRequest(Action told)
    {
        _told = told;
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal), PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal)];
    }

    /// <summary>Cancelled when the process is told again to stop.</summary>
    public CancellationToken Token => _again.Token;

    /// <summary>Waits until the host is to stop, by a signal or by itself.</summary>
    public static async Task WaitAsync(IHostApplicationLifetime lifetime)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = lifetime.ApplicationStopping.Register(stopping.SetResult);
        await stopping.Task;
    }

    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Exchange(ref _isTold, 1) == 0)
        {
            _told();
            _again.Cancel();
        }
    }
}
