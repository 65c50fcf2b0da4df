using Contracts.Grpc.Protos;
using Grpc.Core;

namespace Contracts.Grpc;

/// <summary>What the methods of <see cref="ProbeService"/> do; by default they echo.</summary>
internal sealed class ProbeBehavior
{
    public UnaryServerMethod<Ask, Answer> Unary { get; set; } = (ask, _) => Task.FromResult(Echo(ask));

    public ClientStreamingServerMethod<Ask, Answer> Collect { get; set; } = async (asks, _) =>
    {
        var sum = new Answer();
        await foreach (var ask in asks.ReadAllAsync())
        {
            sum.Number += ask.Number;
        }

        return sum;
    };

    /// <summary>By default as many answers as the number asked for.</summary>
    public ServerStreamingServerMethod<Ask, Answer> Expand { get; set; } = async (ask, answers, _) =>
    {
        for (var i = 0; i < ask.Number; i++)
        {
            await answers.WriteAsync(new Answer { Number = i });
        }
    };

    public DuplexStreamingServerMethod<Ask, Answer> Converse { get; set; } = async (asks, answers, _) =>
    {
        await foreach (var ask in asks.ReadAllAsync())
        {
            await answers.WriteAsync(Echo(ask));
        }
    };

    public static Answer Echo(Ask ask) => new() { Number = ask.Number, Payload = ask.Payload };
}
