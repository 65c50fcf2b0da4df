using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using Orleans.Inference.ExtProcGateway.Requests;

namespace Orleans.Inference.Micro;

/// <summary>Reading one request's body: in one piece, and in pieces of 64 KiB, as Envoy sends a large one.</summary>
[MemoryDiagnoser]
public class RequestParsingBenchmark
{
    private const int PieceSize = 64 * 1024;

    private readonly JsonBody _completions = new(JsonApis.Completions, new ModelNames());
    private readonly JsonBody _chats = new(JsonApis.ChatCompletions, new ModelNames());
    private readonly BodyBuffer _pieces = new();
    private ReadOnlySequence<byte> _completion;
    private ReadOnlySequence<byte> _chat;
    private ReadOnlySequence<byte> _tokens;

    [Params(200, 10_000, 250_000, 1_000_000)]
    public int Tokens { get; set; }

    /// <summary>A prompt has four characters a token and a line of about 70 characters, so 250,000 tokens are a megabyte.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var text = new StringBuilder();
        while (text.Length < Tokens * 4)
        {
            text.Append("It was the best of times, it was \\\"the worst\\\" of times, it was the age\\n");
        }

        _completion = Sequence($$"""{"model":"base-model","prompt":"{{text}}","max_tokens":50,"temperature":0.7}""");
        _chat = Sequence($$"""{"model":"base-model","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"{{text}}"}],"stream":true}""");
        _tokens = Sequence($$"""{"model":"base-model","prompt":[{{string.Join(',', Enumerable.Range(0, Tokens).Select(i => (i * 7919) % 128_000))}}],"max_tokens":50}""");
        for (var rest = _chat; !rest.IsEmpty; rest = rest.Slice(Math.Min(rest.Length, PieceSize)))
        {
            var piece = rest.Slice(0, Math.Min(rest.Length, PieceSize));
            var rented = ArrayPool<byte>.Shared.Rent((int)piece.Length);
            piece.CopyTo(rented);
            _pieces.Adopt(rented, 0, (int)piece.Length);
        }
    }

    [Benchmark]
    public object? Completion() => _completions.Parse(_completion).Model;

    [Benchmark]
    public object? Chat() => _chats.Parse(_chat).Model;

    [Benchmark]
    public object? ChatInPieces() => _chats.Parse(_pieces.Content).Model;

    [Benchmark]
    public object? TokenIds() => _completions.Parse(_tokens).Model;

    private static ReadOnlySequence<byte> Sequence(string body) => new(Encoding.UTF8.GetBytes(body));
}
