using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using Orleans.Inference.ExtProcGateway.Requests;

namespace Orleans.Inference.Micro;

/// <summary>Reading one OpenAI request's body.</summary>
[MemoryDiagnoser]
public class RequestParsingBenchmark
{
    private readonly JsonBody _completions = new(JsonApis.Completions, new ModelNames());
    private readonly JsonBody _chats = new(JsonApis.ChatCompletions, new ModelNames());
    private ReadOnlySequence<byte> _completion;
    private ReadOnlySequence<byte> _chat;

    [Params(200, 10_000, 1_000_000)]
    public int Tokens { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var text = string.Concat(Enumerable.Repeat("abcd ef\\n", Tokens * 4 / 9 + 1));
        _completion = Sequence($$"""{"model":"base-model","prompt":"{{text}}","max_tokens":50,"temperature":0.7}""");
        _chat = Sequence($$"""{"model":"base-model","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"{{text}}"}],"stream":true}""");
    }

    [Benchmark]
    public object? Completion() => _completions.Parse(_completion).Model;

    [Benchmark]
    public object? Chat() => _chats.Parse(_chat).Model;

    private static ReadOnlySequence<byte> Sequence(string body) => new(Encoding.UTF8.GetBytes(body));
}
