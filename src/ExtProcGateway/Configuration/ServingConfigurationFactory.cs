using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.ExtProcGateway.Configuration;

/// <summary>Makes configurations ready to serve by.</summary>
internal sealed class ServingConfigurationFactory(GatewayOptions options, ModelNames names, ILogger<RequestRoutes> log)
{
    /// <summary>Makes one, and tells the parts that go by <see cref="GatewayOptions.Parsers"/> which parsers it has.</summary>
    public ServingConfiguration Create(PickerConfiguration configuration)
    {
        options.Parsers = configuration.Parsers.IsEmpty ? [.. ParserTypes.Default] : configuration.Parsers;
        return new(configuration, new RequestRoutes(options.Parsers, names, log));
    }
}
