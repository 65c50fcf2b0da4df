using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Runtime;

/// <summary>The grain object of one activation, with the services of its scope.</summary>
internal sealed class GrainInstance : IAsyncDisposable
{
    private readonly IServiceScope _scope;

    public GrainInstance(Activation activation)
    {
        _scope = activation.Silo.Services.CreateScope();
        _scope.ServiceProvider.GetRequiredService<ActivationScope>().Activation = activation;
    }

    public IServiceProvider Services => _scope.ServiceProvider;

    public object? Grain { get; private set; }

    public object Create(GrainClass grainClass) => Grain = grainClass.CreateInstance(Services);

    public async ValueTask DisposeAsync()
    {
        if (Grain is IAsyncDisposable asyncDisposable)
        {
            await asyncDisposable.DisposeAsync();
        }
        else if (Grain is IDisposable disposable)
        {
            disposable.Dispose();
        }

        if (_scope is IAsyncDisposable scope)
        {
            await scope.DisposeAsync();
        }
    }
}
