using System.Buffers;
using Orleans.Inference.ExtProcGateway.Grpc;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.ExtProcGateway.Responses;

namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>The response's half of an ext_proc call: passes the response on, with the model's name as the client knows it, and reads what it says of its usage.</summary>
/// <remarks>
/// A stream of events goes on piece by piece; another response is held until it is whole, as by the reference pickers, within bounds of size and time. Everything runs in the
/// turn of the call's connection.
/// </remarks>
internal sealed class ResponsePhase(ExtProcCall owner, GrpcServerCall call, RequestPhase request, ExtProcServices services)
{
    /// <summary>Class of the error that a model server's own answer is, in the metrics.</summary>
    internal const string ModelServerError = "ModelServerError";

    /// <summary>A larger response goes on before it is whole.</summary>
    private const long LargestHeld = 4 * 1024 * 1024;

    private readonly BodyBuffer _held = new(services.Held);
    private UsageReader _usage;
    private ModelNameMapper? _mapper;

    /// <summary>What the last answer to the body carries besides; empty before the response is complete.</summary>
    private byte[] _report = [];
    private bool _started;
    private bool _typed;
    private bool _grpc;
    private bool _passing;
    private bool _ended;

    /// <summary>The response has begun and not ended.</summary>
    public bool IsUnderWay => _started && !_ended;

    /// <summary>The model server answered with another status than 200.</summary>
    public bool IsServerError { get; private set; }

    /// <summary>A stream was asked for, or the response is a stream of events.</summary>
    public bool IsStreaming { get; private set; }

    /// <summary>Bytes of the body so far.</summary>
    public long Size { get; private set; }

    /// <summary>The address that the gateway says has served; empty where it does not say.</summary>
    public string Served { get; private set; } = "";

    /// <summary>The response's headers.</summary>
    public void OnHeaders(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> metadata)
    {
        var since = owner.Figures.Passing();
        if (!HttpPart.TryParseHeaders(payload, out var headers) || !TryRead(headers.Content))
        {
            owner.Fail("malformed HttpHeaders");
            return;
        }

        request.OnResponse();
        Start();
        var served = Serving.Read(metadata);
        Served = served.Address;
        if (!owner.Observed)
        {
            ProcessingAnswers.ResponseHeaders(call, headers.Content, request.EditResponse(), services.VerifyServed && !request.IsBodyless ? WellKnown.ServedVerdictHeader : default, served.Verdict);
        }

        if (IsServerError)
        {
            owner.Figures.Failed(request.Request, ModelServerError);
        }

        owner.Figures.Passed(since);
        if (headers.EndOfStream)
        {
            End();
        }
    }

    private bool TryRead(ReadOnlySpan<byte> map)
    {
        var headers = new HeaderMapReader(map);
        while (headers.TryRead(out var key, out var value))
        {
            switch (HeaderRoles.Of(key))
            {
                case HeaderRole.Status:
                    IsServerError = !value.SequenceEqual("200"u8);
                    break;
                case HeaderRole.ContentType:
                    // A gRPC response streams too: its trailers end it.
                    _typed = !value.IsEmpty;
                    IsStreaming = MediaType.Contains(value, "text/event-stream"u8);
                    _grpc = MediaType.Contains(value, "application/grpc"u8);
                    _passing = IsStreaming || _grpc;
                    break;
                default:
                    break;
            }
        }

        return !headers.Malformed;
    }

    /// <summary>Settles how the body is treated; also where a response comes without headers.</summary>
    private void Start()
    {
        if (_started)
        {
            return;
        }

        _started = true;
        var asked = request.Request;
        var format = request.Route?.ResponseFormat ?? ResponseFormat.Raw;

        // The response's type tells how it is written, whatever was asked for, as with the reference pickers; one that tells no type is taken to be what was asked for.
        _usage = new UsageReader(format, events: _typed ? IsStreaming : asked.Streaming);
        IsStreaming |= asked.Streaming;
        _passing |= IsStreaming;

        // A name of another length would not fit the lengths that are written around it in gRPC's messages.
        if (!_grpc && !format.IsGrpc() && asked.IncomingModel.Length > 0 && asked.TargetModel.Length > 0 && asked.IncomingModel != asked.TargetModel)
        {
            _mapper = new ModelNameMapper(new ModelNamePattern(asked.TargetModel, asked.IncomingModel));
        }
    }

    /// <summary>A piece of the response's body.</summary>
    public void OnBody(ReadOnlySpan<byte> payload)
    {
        if (!HttpPart.TryParseBody(payload, out var part))
        {
            owner.Fail("malformed HttpBody");
            return;
        }

        if (_ended)
        {
            // The end came before, and the whole body went on: what repeats it is not part of the response. In STREAMED mode every piece waits for its answer.
            if (owner.ResponseMode == BodySendMode.Streamed)
            {
                owner.Continue(ProcessingKind.ResponseBody);
            }

            return;
        }

        var since = owner.Figures.Passing();
        Start();
        Size += part.Content.Length;
        if (!part.Content.IsEmpty)
        {
            owner.Figures.Piece(since, IsStreaming);
            owner.Bookings.OnResponse();
        }

        _usage.Read(part.Content);
        if (part.EndOfStream || owner.ResponseMode == BodySendMode.Buffered)
        {
            Report();
        }

        if (owner.Observed)
        {
            // Shown, not passed on.
        }
        else if (owner.ResponseMode != BodySendMode.FullDuplexStreamed)
        {
            AnswerPiece(part.Content, part.EndOfStream || owner.ResponseMode != BodySendMode.Streamed);
        }
        else if (_passing)
        {
            PassOn(part.Content, part.EndOfStream, part.EndOfStream);
        }
        else
        {
            Hold(part.Content, part.EndOfStream);
        }

        owner.Figures.Passed(since);
        if (part.EndOfStream)
        {
            End();
        }
    }

    /// <summary>The response's trailers, which end it where no piece did.</summary>
    public void OnTrailers()
    {
        if (!owner.Observed && owner.ResponseMode != BodySendMode.FullDuplexStreamed && _mapper is { Held: > 0 })
        {
            // The answer to trailers carries no body, so the last bytes of a body that breaks off within a name have no way on: better broken than shortened.
            owner.Fail("a STREAMED response ended by trailers within its model's name");
            return;
        }

        if (!owner.Observed)
        {
            Report();
            Flush(last: true);

            // Where nothing was held, the body's last answer has gone.
            ProcessingAnswers.Continue(call, ProcessingKind.ResponseTrailers, TakeReport());
        }

        End();
    }

    /// <summary>The rest of a held response does not come: what is there goes on, and what follows as it comes.</summary>
    public void OnTimeout() => Flush(last: false);

    /// <summary>Gives back what the response holds.</summary>
    public void Release()
    {
        services.Responses.Remove(owner);
        _held.Release();
    }

    private void Hold(ReadOnlySpan<byte> content, bool last)
    {
        if (last && _held.Length == 0)
        {
            PassOn(content, last, last);
            return;
        }

        if (!_held.Append(content))
        {
            // The process holds as much as it may: what is there goes on, and what follows as it comes.
            var report = TakeReport();
            Flush(last: false);
            services.Responses.Remove(owner);
            (_report, _passing) = (report, true);
            PassOn(content, last, last);
        }
        else if (last || _held.Length > LargestHeld)
        {
            PassHeld(last, endOfStream: last);
        }
        else
        {
            services.Responses.Touch(owner);
        }
    }

    /// <summary>Lets go of what is held, if anything is.</summary>
    private void Flush(bool last)
    {
        if (_held.Length > 0)
        {
            PassHeld(last, endOfStream: false);
        }
        else if (last && _mapper is { Held: > 0 } mapper)
        {
            var output = Mapped.Cleared();
            mapper.Flush(output);
            ProcessingAnswers.Body(call, ProcessingKind.ResponseBody, output.WrittenSpan, endOfStream: false, TakeReport());
        }
    }

    private void PassHeld(bool last, bool endOfStream)
    {
        _passing = true;
        services.Responses.Remove(owner);
        if (_mapper is null)
        {
            ProcessingAnswers.Body(call, ProcessingKind.ResponseBody, _held.Content, endOfStream, TakeReport());
        }
        else
        {
            var output = Mapped.Cleared();
            foreach (var piece in _held.Content)
            {
                Map(piece.Span, last: false, output);
            }

            if (last)
            {
                _mapper.Flush(output);
            }

            ProcessingAnswers.Body(call, ProcessingKind.ResponseBody, output.WrittenSpan, endOfStream, TakeReport());
        }

        _held.Release();
    }

    /// <summary>A piece goes on as it comes: a response that breaks, breaks where the model server broke it.</summary>
    private void PassOn(ReadOnlySpan<byte> content, bool last, bool endOfStream)
    {
        if (_mapper is not null)
        {
            var output = Mapped.Cleared();
            if (_mapper.Map(content, last, output))
            {
                content = output.WrittenSpan;
            }
        }

        ProcessingAnswers.Body(call, ProcessingKind.ResponseBody, content, endOfStream, TakeReport());
    }

    /// <summary>Where each piece waits for its answer (STREAMED), or the one piece is all (BUFFERED).</summary>
    private void AnswerPiece(ReadOnlySpan<byte> content, bool last)
    {
        if (_mapper is not null)
        {
            var output = Mapped.Cleared();
            if (_mapper.Map(content, last, output))
            {
                ProcessingAnswers.Replace(call, ProcessingKind.ResponseBody, new ReadOnlySequence<byte>(output.WrittenMemory), setLength: owner.ResponseMode == BodySendMode.Buffered, TakeReport());
                return;
            }
        }

        ProcessingAnswers.Continue(call, ProcessingKind.ResponseBody, TakeReport());
    }

    private void Map(ReadOnlySpan<byte> piece, bool last, ArrayBufferWriter<byte> output)
    {
        if (!_mapper!.Map(piece, last, output))
        {
            output.Write(piece);
        }
    }

    /// <summary>The response has said all of its usage: what the configuration's plugins make of it goes with the answer that is given next.</summary>
    private void Report()
    {
        if (services.Reports is { } reports)
        {
            _usage.End();
            _report = _usage.HasUsage ? reports.Encode(_usage.Usage) : [];
        }
    }

    private byte[] TakeReport()
    {
        var report = _report;
        _report = [];
        return report;
    }

    /// <summary>The response is complete.</summary>
    private void End()
    {
        if (!_ended)
        {
            _ended = true;
            _usage.End();
            owner.Bookings.Release();
            owner.Figures.Completed(Size, IsStreaming, _usage);
            owner.Trace.SetUsage(_usage);
        }
    }
}
