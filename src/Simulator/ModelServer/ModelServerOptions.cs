using System.Net;
using Orleans.Inference.Simulator.Engine;

namespace Orleans.Inference.Simulator.ModelServer;

/// <summary>How the simulated model servers of one process look and behave.</summary>
internal sealed record ModelServerOptions
{
    /// <summary>Name of the base model.</summary>
    public string Model { get; init; } = "sim";

    /// <summary>LoRA adapters that can be asked for by name.</summary>
    public IReadOnlyList<string> Adapters { get; init; } = [];

    public EngineOptions Engine { get; init; } = new();

    /// <summary>Mean length of answers in tokens (exponentially distributed); 0: as long as the request allows.</summary>
    public int MeanOutputTokens { get; init; }

    /// <summary>Length of an answer where neither the request nor <see cref="MeanOutputTokens"/> says.</summary>
    public int DefaultOutputTokens { get; init; } = 128;

    public int Seed { get; init; } = 1;

    public MetricsFilter MetricsFilter { get; init; } = MetricsFilter.Works;

    /// <summary>Address of the first server.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    public int Port { get; init; } = 8000;

    public int Count { get; init; } = 1;

    /// <summary>Whether the servers differ in their port instead of their address.</summary>
    public bool VaryPort { get; init; }

    /// <summary>Where server <paramref name="index"/> listens; port 0 lets the system choose.</summary>
    public IPEndPoint EndPoint(int index)
    {
        if (VaryPort)
        {
            return new IPEndPoint(Address, Port == 0 ? 0 : Port + index);
        }

        var bytes = Address.GetAddressBytes();
        var number = ((uint)bytes[0] << 24 | (uint)bytes[1] << 16 | (uint)bytes[2] << 8 | bytes[3]) + (uint)index;
        return new IPEndPoint(new IPAddress([(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number]), Port);
    }
}
