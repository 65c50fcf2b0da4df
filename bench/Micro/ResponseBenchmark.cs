using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.ExtProcGateway.Responses;

namespace Orleans.Inference.Micro;

/// <summary>What a piece of a response costs: an event of about 200 bytes, as vLLM streams them, a chunk of its gRPC service, and a body of embeddings.</summary>
[MemoryDiagnoser]
public class ResponseBenchmark
{
    private const string Event =
        """data: {"id":"chatcmpl-0a1b2c3d4e5f60718293","object":"chat.completion.chunk","created":1766000000,"model":"base-model","choices":[{"index":0,"delta":{"content":" token"},"finish_reason":null}]""";

    private readonly byte[] _event = Encoding.UTF8.GetBytes(Event + "}\n\n");
    private readonly byte[] _withNull = Encoding.UTF8.GetBytes(Event + ",\"usage\":null}\n\n");
    private readonly byte[] _withUsage = Encoding.UTF8.GetBytes(Event + ",\"usage\":{\"prompt_tokens\":200,\"total_tokens\":212,\"completion_tokens\":12}}\n\n");
    private readonly byte[] _embeddings = Encoding.UTF8.GetBytes(
        "{\"data\":[{\"embedding\":[" + string.Join(',', Enumerable.Repeat("-0.0123456789", 1536)) + "]}],\"usage\":{\"prompt_tokens\":8,\"total_tokens\":8}}");

    /// <summary>A <c>GenerateStreamChunk</c> of vLLM with one token, in its gRPC frame.</summary>
    private readonly byte[] _chunk = [0, 0, 0, 0, 13, 0x0a, 11, 0x0a, 2, 0xe8, 0x07, 0x10, 0xc8, 0x01, 0x18, 1, 0x20, 0x40];

    private readonly ArrayBufferWriter<byte> _output = new(4096);
    private readonly ModelNameMapper _mapper = new(new ModelNamePattern("base-model", "asked-model"));
    private readonly ModelNameMapper _otherMapper = new(new ModelNamePattern("other-model", "asked-model"));
    private UsageReader _reader = new(ResponseFormat.OpenAi, events: true);
    private UsageReader _grpcReader = new(ResponseFormat.VllmGenerate, events: true);

    [Benchmark(Baseline = true)]
    public void UsageOfAnEvent() => _reader.Read(_event);

    [Benchmark]
    public void UsageNull() => _reader.Read(_withNull);

    [Benchmark]
    public void UsageFound() => _reader.Read(_withUsage);

    [Benchmark]
    public void UsageOfAnEventInHalves()
    {
        _reader.Read(_event.AsSpan(0, 100));
        _reader.Read(_event.AsSpan(100));
    }

    [Benchmark]
    public void UsageOfAGrpcChunk() => _grpcReader.Read(_chunk);

    [Benchmark]
    public long UsageOfEmbeddings()
    {
        var reader = new UsageReader(ResponseFormat.OpenAi, events: false);
        reader.Read(_embeddings);
        reader.End();
        return reader.Usage.Total;
    }

    [Benchmark]
    public bool NameMapped()
    {
        _output.ResetWrittenCount();
        return _mapper.Map(_event, last: false, _output);
    }

    [Benchmark]
    public bool NameNotThere() => _otherMapper.Map(_event, last: false, _output);
}
