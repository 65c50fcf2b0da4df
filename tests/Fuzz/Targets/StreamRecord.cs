using System.Text;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Orleans.Inference.ExtProcGateway.Grpc;
using Answer = Envoy.Service.ExtProc.V3.ProcessingResponse.ResponseOneofCase;
using BodySendMode = Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types.BodySendMode;
using Kind = Envoy.Service.ExtProc.V3.ProcessingRequest.RequestOneofCase;

namespace Orleans.Inference.Fuzz.Targets;

/// <summary>What was sent on a stream and what was answered, and what must hold between them.</summary>
internal sealed class StreamRecord
{
    private const int LargestPiece = 62_000;

    private readonly MemoryStream _sentResponse = new();
    private readonly MemoryStream _passedResponse = new();
    private readonly StringBuilder _outline = new();
    private readonly int[] _sent = new int[16];
    private readonly int[] _answered = new int[16];
    private BodySendMode _requestMode = BodySendMode.FullDuplexStreamed;
    private BodySendMode _responseMode = BodySendMode.FullDuplexStreamed;
    private bool _isWellFormed = true;
    private bool _hasModes;
    private bool _observed;
    private bool _requestEnded;
    private bool _responseEnded;
    private bool _responseEndSent;
    private bool _refused;
    private bool _rewritten;
    private GrpcStatusCode? _status;

    public string? Fault { get; private set; }

    public List<ProcessingResponse> Answers { get; } = [];

    /// <summary>Kinds and bodies of the answers: what does not depend on how messages are cut, nor on chance.</summary>
    public string Outline => _outline.ToString();

    public void Demand(bool holds, string fault)
    {
        if (!holds)
        {
            Fault ??= $"{fault}\n{_outline}";
        }
    }

    public void Sent(ReadOnlySpan<byte> bytes)
    {
        _rewritten |= bytes.IndexOf("model-name-rewrite"u8) >= 0;
        ProcessingRequest message;
        try
        {
            message = ProcessingRequest.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            _isWellFormed = false;
            return;
        }

        if (message.ProtocolConfig is { } modes && !_hasModes)
        {
            _hasModes = true;
            (_requestMode, _responseMode) = (modes.RequestBodyMode, modes.ResponseBodyMode);
        }

        _observed |= message.ObservabilityMode;
        _sent[(int)message.RequestCase]++;
        if (message.RequestCase == Kind.ResponseBody && !_responseEndSent)
        {
            message.ResponseBody.Body.WriteTo(_sentResponse);
            _responseEndSent |= message.ResponseBody.EndOfStream || message.ResponseBody.EndOfStreamWithoutMessage;
        }
    }

    public void Answered(byte[] bytes)
    {
        var answer = ProcessingResponse.Parser.ParseFrom(bytes);
        Answers.Add(answer);
        _outline.Append(answer.ResponseCase);
        Demand(!_observed, "an answer although the traffic is only shown");
        Demand(!_refused, "an answer behind an immediate response");
        Demand(answer.ResponseCase != Answer.None, "an answer without content");
        _answered[(int)answer.ResponseCase]++;
        switch (answer.ResponseCase)
        {
            case Answer.RequestHeaders:
                Demand(_answered[(int)Answer.RequestHeaders] == 1, "the request's headers are answered twice");
                _outline.Append(' ').Append(answer.DynamicMetadata is not null);
                break;
            case Answer.RequestBody:
                Demand(_answered[(int)Answer.RequestHeaders] == 1, "the request's body is answered before its headers");
                OnPiece(answer.RequestBody.Response.BodyMutation, _requestMode, ref _requestEnded, null);
                break;
            case Answer.ResponseBody:
                OnPiece(answer.ResponseBody.Response.BodyMutation, _responseMode, ref _responseEnded, _passedResponse);
                break;
            case Answer.ImmediateResponse:
                _refused = true;
                Demand((int)answer.ImmediateResponse.Status.Code is >= 400 and < 600, "an immediate response that is no error");
                _outline.Append(' ').Append(answer.ImmediateResponse.Status.Code);
                break;
            default:
                break;
        }

        _outline.Append('\n');
    }

    public void Ended(GrpcStatusCode status)
    {
        _status = status;
        _outline.Append(status).Append('\n');
    }

    /// <summary>What must hold in the end.</summary>
    /// <param name="withheld">Answers that are still kept back for a call that is over.</param>
    public void Check(int withheld, long held)
    {
        Demand(held == 0, $"a call that is over holds {held} bytes");
        Demand(withheld == 0, "a call that is over is still watched");
        if (!_isWellFormed || _status == GrpcStatusCode.Unknown)
        {
            return;
        }

        Demand(_answered[(int)Answer.ResponseHeaders] <= _sent[(int)Kind.ResponseHeaders], "more answers to response headers than there were");
        Demand(_answered[(int)Answer.ResponseTrailers] <= _sent[(int)Kind.ResponseTrailers], "more answers to response trailers than there were");
        Demand(_answered[(int)Answer.RequestTrailers] <= _sent[(int)Kind.RequestTrailers], "more answers to request trailers than there were");
        if (_responseEnded && !_rewritten && _responseMode == BodySendMode.FullDuplexStreamed)
        {
            Demand(_passedResponse.ToArray().AsSpan().StartsWith(_sentResponse.ToArray()) || !_responseEndSent, "the response's body was changed");
        }
    }

    public void MayRewrite() => _rewritten = true;

    private void OnPiece(BodyMutation? mutation, BodySendMode mode, ref bool ended, MemoryStream? passed)
    {
        if (!_isWellFormed)
        {
            return; // the picker reads less of a message than the generated code, so it can know modes that are not known here
        }

        if (mode is >= BodySendMode.None and < BodySendMode.FullDuplexStreamed)
        {
            Demand(mutation?.StreamedResponse is null, "a streamed piece in another mode");
            return;
        }

        Demand(mutation?.StreamedResponse is not null, "a body is answered without a streamed piece");
        if (mutation?.StreamedResponse is not { } piece)
        {
            return;
        }

        Demand(piece.Body.Length <= LargestPiece, "a piece that is too large");
        Demand(!ended || passed is not null, "a piece behind the end of the request's body");
        ended |= piece.EndOfStream;
        if (passed is not null)
        {
            piece.Body.WriteTo(passed);
        }

        _outline.Append(' ').Append(piece.EndOfStream).Append(' ').Append(Convert.ToBase64String(piece.Body.Span));
    }
}
