using Orleans.Inference.Interop.Tests.Envoy;
using Orleans.Inference.Interop.Tests.Programs;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Interop.Tests;

public sealed class EnvoyConfigurationTests
{
    [EnvoyFact]
    public async Task Write_AllListeners_EnvoyAcceptsIt()
    {
        var file = Path.Combine(Path.GetTempPath(), $"interop-{Guid.NewGuid():N}.yaml");
        try
        {
            await File.WriteAllTextAsync(file, EnvoyConfiguration.Write(InteropSystem.Listeners, 9002, 9012, [8000, 8001]));
            await using var envoy = ChildProcess.Start(RequiredPrograms.Envoy!, ["--mode", "validate", "-c", file]);

            Assert.True(await envoy.WaitForExitAsync() == 0, envoy.Output);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
