using System.Buffers;
using System.Text;
using Orleans.Inference.ExtProcGateway.Grpc;

namespace Orleans.Inference.Bench.Edge;

/// <summary>Answers ext_proc messages with the bytes that a picker answers with, and looks at nothing but which message it is.</summary>
internal sealed class AnsweringService : IGrpcService
{
    public IGrpcCallHandler Begin(GrpcServerCall call) => new Handler(call);

    private sealed class Handler(GrpcServerCall call) : IGrpcCallHandler
    {
        private static readonly byte[] RequestHeaders = MakeRequestHeaders();
        private static readonly byte[] ResponseHeaders = Field(2, Field(1, []));
        private static readonly byte[] LastChunk = Field(4, Field(1, Field(3, Field(3, [0x10, 0x01]))));

        private byte[] _body = [];

        public void OnMessage(in ReadOnlySequence<byte> message)
        {
            switch (message.FirstSpan[0] >> 3)
            {
                case 2:
                    break;
                case 4 when message.Length > 16:
                    _body = message.ToArray();
                    break;
                case 4:
                    Send(RequestHeaders);
                    SendBody();
                    break;
                case 3:
                    Send(ResponseHeaders);
                    break;
                case 5 when message.Length <= 16:
                    Send(LastChunk);
                    break;
            }
        }

        public void OnRequestsEnded() => call.Complete(GrpcStatusCode.Ok);

        public void OnAborted(GrpcAbort reason)
        {
        }

        private static byte[] MakeRequestHeaders()
        {
            var header = Field(1, [.. Field(1, Encoding.ASCII.GetBytes("x-gateway-destination-endpoint")), .. Field(3, Encoding.ASCII.GetBytes("10.0.0.1:8000"))]);
            return Field(1, Field(1, [.. Field(2, Field(1, header)), 0x28, 0x01]));
        }

        private static byte[] Field(int number, byte[] value)
        {
            var head = new List<byte> { (byte)((number << 3) | 2) };
            var rest = value.Length;
            for (; rest >= 0x80; rest >>= 7)
            {
                head.Add((byte)(rest | 0x80));
            }

            head.Add((byte)rest);
            return [.. head, .. value];
        }

        private void Send(byte[] answer)
        {
            answer.CopyTo(call.ReserveMessage(answer.Length));
            call.CommitMessage();
        }

        /// <summary>The request's body as one streamed chunk with end_of_stream: its HttpBody has the same field 1.</summary>
        private void SendBody()
        {
            var httpBody = _body.AsSpan(_body.AsSpan(1).IndexOfAnyExceptInRange((byte)0x80, (byte)0xff) + 2);
            var streamed = httpBody.Length + 2;
            var mutation = streamed + 1 + VarintLength(streamed);
            var common = mutation + 1 + VarintLength(mutation);
            var body = common + 1 + VarintLength(common);
            var span = call.ReserveMessage(body + 1 + VarintLength(body));
            span = Head(span, 3, body);
            span = Head(span, 1, common);
            span = Head(span, 3, mutation);
            span = Head(span, 3, streamed);
            httpBody.CopyTo(span);
            span[httpBody.Length] = 0x10;
            span[httpBody.Length + 1] = 0x01;
            call.CommitMessage();
        }

        private static Span<byte> Head(Span<byte> span, int number, int length)
        {
            var at = 0;
            span[at++] = (byte)((number << 3) | 2);
            for (; length >= 0x80; length >>= 7)
            {
                span[at++] = (byte)(length | 0x80);
            }

            span[at++] = (byte)length;
            return span[at..];
        }

        private static int VarintLength(int value) => value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : 4;
    }
}
