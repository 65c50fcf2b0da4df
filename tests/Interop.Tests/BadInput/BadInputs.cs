using System.Text;
using Envoy.Extensions.Filters.Http.ExtProc.V3;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Orleans.Inference.Simulator.ExtProc;

namespace Orleans.Inference.Interop.Tests.BadInput;

/// <summary>Bytes of ext_proc calls that no gateway should send, and of some that look odd and are right.</summary>
/// <remarks>Each carries <see cref="Size"/> bytes, so that a thousand of them that are kept are noticed.</remarks>
internal static class BadInputs
{
    /// <summary>Below the size from which the picker parses outside the connection's turn, so that a half-close right behind the body does not overtake the answer.</summary>
    public const int Size = 200 * 1024;

    private const string Start = "{\"model\":\"m\",\"prompt\":\"";

    private static readonly byte[] Padding = Encoding.ASCII.GetBytes(new string('x', Size));

    /// <summary>What a case sends before it half-closes, with the gRPC status and the status of the immediate answer that it must get (0: it is picked; null: no answer).</summary>
    public static IReadOnlyDictionary<string, (byte[] Bytes, int GrpcStatus, int? HttpStatus)> Calls { get; } = new Dictionary<string, (byte[], int, int?)>
    {
        ["malformed protobuf"] = (RawGrpc.Frame(Filled(0xff)), 2, null),
        ["truncated protobuf"] = (RawGrpc.Frame(Headers().ToByteArray().AsSpan(0, 20).ToArray().Concat(Filled(0x0a)).ToArray()), 2, null),
        ["a body whose protobuf is cut off"] = ([.. RawGrpc.Frame(Headers().ToByteArray()), .. RawGrpc.Frame(Body(Padding, true).ToByteArray().AsSpan(0, Size / 2))], 2, null),
        ["a message that ends early"] = ([.. RawGrpc.Prefix(2 * Size), .. Padding], 13, null),
        ["a message of 100 MB is announced"] = ([.. RawGrpc.Prefix(100_000_000), .. Padding], 8, null),
        ["a message flagged as compressed"] = ([.. RawGrpc.Prefix(Size, 1), .. Padding], 13, null),
        ["no message at all"] = ([], 0, null),
        ["a body before the headers"] = (RawGrpc.Frame(Body(Padding, true).ToByteArray()), 2, null),
        ["headers twice"] = (Exchange(Headers(), Body(Padding, false), Headers()), 2, null),
        ["half-close in mid-body"] = (Exchange(Headers(), Body(Padding, false)), 0, null),
        ["not JSON"] = (Post(Padding), 0, 400),
        ["JSON that is cut off"] = (Post(Encoding.ASCII.GetBytes(Start + Text)), 0, 400),
        ["no model"] = (Post(Encoding.ASCII.GetBytes("{\"prompt\":\"" + Text + "\"}")), 0, 400),
        ["a model that is a number"] = (Post(Encoding.ASCII.GetBytes("{\"model\":17,\"prompt\":\"" + Text + "\"}")), 0, 400),
        ["a model that is an object"] = (Post(Encoding.ASCII.GetBytes("{\"model\":{\"name\":\"m\"},\"prompt\":\"" + Text + "\"}")), 0, 400),
        ["nested 10,000 deep"] = (Post(Encoding.ASCII.GetBytes(Start + Text + "\",\"tools\":" + new string('[', 10_000) + new string(']', 10_000) + "}")), 0, 400),
        ["larger than the picker takes"] = (Exchange([Headers(), .. Enumerable.Repeat(Body(Padding, false), 6)]), 0, 413),
        // A prompt is handed on unread, as by the reference pickers; whether its text is valid is the model server's business.
        ["text that is no UTF-8"] = (Post([.. Encoding.ASCII.GetBytes(Start), .. Padding, 0xc3, (byte)'"', (byte)'}']), 0, 0),
        ["split inside a character"] = (SplitInsideACharacter(), 0, 0),
        ["a second end"] = (Exchange(Headers(), Body(Json, true), Body([], true), Body([], true)), 0, 0),
    };

    /// <summary>A request that is right.</summary>
    public static byte[] Good => Post(Json);

    /// <summary>Headers and a part of a body.</summary>
    public static byte[] Unfinished => Exchange(Headers(), Body(Padding, false));

    private static string Text => Encoding.ASCII.GetString(Padding);

    private static byte[] Json => Encoding.ASCII.GetBytes(Start + Text + "\"}");

    private static byte[] Filled(byte value)
    {
        var bytes = new byte[Size];
        bytes.AsSpan().Fill(value);
        return bytes;
    }

    private static byte[] Post(byte[] body) => Exchange(Headers(), Body(body, false), Body([], true));

    private static byte[] SplitInsideACharacter()
    {
        var body = Encoding.UTF8.GetBytes(Start + string.Concat(Enumerable.Repeat("€", Size / 3)) + "\"}");
        var middle = Start.Length + 3001; // between the first and the second byte of a character
        return Exchange(Headers(), Body(body[..middle], false), Body(body[middle..], true));
    }

    private static byte[] Exchange(params IEnumerable<ProcessingRequest> messages) => [.. messages.SelectMany(message => RawGrpc.Frame(message.ToByteArray()))];

    private static ProcessingRequest Headers()
    {
        var message = ExtProcMessages.RequestHeaders([(":path", "/v1/completions"), (":method", "POST"), (":authority", "model.test")], endOfStream: false);
        message.ProtocolConfig = new ProtocolConfiguration
        {
            RequestBodyMode = ProcessingMode.Types.BodySendMode.FullDuplexStreamed,
            ResponseBodyMode = ProcessingMode.Types.BodySendMode.FullDuplexStreamed,
        };
        return message;
    }

    private static ProcessingRequest Body(byte[] body, bool endOfStream) => ExtProcMessages.RequestBody(body, endOfStream);
}
