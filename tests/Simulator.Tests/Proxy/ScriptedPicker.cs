using System.Threading.Channels;
using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Inference.Simulator.ExtProc;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Simulator.Tests.Proxy;

/// <summary>A picker that does what a test says, and writes down what it was sent.</summary>
internal sealed class ScriptedPicker : ExternalProcessor.ExternalProcessorBase, IAsyncDisposable
{
    private readonly SemaphoreSlim _messages = new(0);
    private readonly Channel<string> _ends = Channel.CreateUnbounded<string>();
    private WebApplication? _app;

    /// <summary>Messages of all streams, in the order in which they came.</summary>
    public List<ProcessingRequest> Received { get; } = [];

    /// <summary>gRPC metadata of the last stream.</summary>
    public Grpc.Core.Metadata? Headers { get; private set; }

    /// <summary>Answers to a message.</summary>
    public Func<ProcessingRequest, IEnumerable<ProcessingResponse>> Script { get; set; } = _ => [];

    /// <summary>Whether to end the stream once this message is answered.</summary>
    public Predicate<ProcessingRequest> ClosesAfter { get; set; } = _ => false;

    public string Address { get; private set; } = "";

    public static async Task<ScriptedPicker> StartAsync()
    {
        var picker = new ScriptedPicker();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc(options => options.MaxReceiveMessageSize = null);
        builder.Services.AddSingleton(picker);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        picker._app = builder.Build();
        picker._app.MapGrpcService<ScriptedPicker>();
        await picker._app.StartAsync();
        picker.Address = picker._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return picker;
    }

    public override async Task Process(
        IAsyncStreamReader<ProcessingRequest> requestStream, IServerStreamWriter<ProcessingResponse> responseStream, ServerCallContext context)
    {
        Headers = context.RequestHeaders;
        try
        {
            while (await requestStream.MoveNext(context.CancellationToken))
            {
                lock (Received)
                {
                    Received.Add(requestStream.Current);
                }

                _messages.Release();

                foreach (var answer in Script(requestStream.Current))
                {
                    await responseStream.WriteAsync(answer);
                }

                if (ClosesAfter(requestStream.Current))
                {
                    _ends.Writer.TryWrite("closed by the picker");
                    return;
                }
            }

            _ends.Writer.TryWrite("half-closed");
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or RpcException { StatusCode: StatusCode.Cancelled })
        {
            _ends.Writer.TryWrite("reset");
        }
    }

    /// <summary>Waits for one message more.</summary>
    public async Task NextMessageAsync() => Assert.True(await _messages.WaitAsync(Bounds.Wait));

    /// <summary>How the next stream ended.</summary>
    public Task<string> NextEndAsync() => _ends.Reader.ReadAsync().AsTask().WaitAsync(Bounds.Wait);

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    /// <summary>What a well-behaved picker answers: the destination, then the body that came, and responses unchanged.</summary>
    public static Func<ProcessingRequest, IEnumerable<ProcessingResponse>> PassThrough(string destination, bool inMetadata = false)
    {
        var held = new List<ByteString>();
        return message => message.RequestCase switch
        {
            ProcessingRequest.RequestOneofCase.RequestHeaders when message.RequestHeaders.EndOfStream => [Pick(destination, inMetadata)],
            ProcessingRequest.RequestOneofCase.RequestBody when !message.RequestBody.EndOfStream => Hold(message.RequestBody.Body),
            ProcessingRequest.RequestOneofCase.RequestBody => [Pick(destination, inMetadata), .. Release()],
            ProcessingRequest.RequestOneofCase.RequestTrailers =>
                [Pick(destination, inMetadata), .. Release(), new ProcessingResponse { RequestTrailers = new TrailersResponse() }],
            ProcessingRequest.RequestOneofCase.ResponseHeaders => [ResponseHeaders()],
            ProcessingRequest.RequestOneofCase.ResponseBody => [ResponseBody(message.ResponseBody.Body, message.ResponseBody.EndOfStream)],
            _ => [],
        };

        IEnumerable<ProcessingResponse> Hold(ByteString body)
        {
            held.Add(body);
            return [];
        }

        IEnumerable<ProcessingResponse> Release()
        {
            var all = held.Select(body => RequestBody(body, false)).Append(RequestBody(ByteString.Empty, true)).ToList();
            held.Clear();
            return all;
        }
    }

    public static ProcessingResponse Pick(string destination, bool inMetadata = false, params (string Name, string Value)[] more)
    {
        var mutation = new HeaderMutation();
        mutation.SetHeaders.Add(more.Select(header => Option(header.Name, header.Value)));
        var answer = new ProcessingResponse { RequestHeaders = new HeadersResponse { Response = new CommonResponse { HeaderMutation = mutation } } };
        if (inMetadata)
        {
            var space = new Struct();
            space.Fields[ExtProcMessages.DestinationEndpoint] = Value.ForString(destination);
            answer.DynamicMetadata = new Struct();
            answer.DynamicMetadata.Fields[ExtProcMessages.LoadBalancingNamespace] = Value.ForStruct(space);
        }
        else
        {
            mutation.SetHeaders.Add(Option(ExtProcMessages.DestinationEndpoint, destination));
        }

        return answer;
    }

    public static ProcessingResponse RequestBody(ByteString body, bool end) => new()
    {
        RequestBody = new BodyResponse { Response = Streamed(body, end) },
    };

    public static ProcessingResponse ResponseHeaders(params (string Name, string Value)[] set)
    {
        var mutation = new HeaderMutation();
        mutation.SetHeaders.Add(set.Select(header => Option(header.Name, header.Value)));
        return new ProcessingResponse { ResponseHeaders = new HeadersResponse { Response = new CommonResponse { HeaderMutation = mutation } } };
    }

    public static ProcessingResponse ResponseBody(ByteString body, bool end) => new()
    {
        ResponseBody = new BodyResponse { Response = Streamed(body, end) },
    };

    public static HeaderValueOption Option(string name, string value) => new()
    {
        Header = new HeaderValue { Key = name, RawValue = ByteString.CopyFromUtf8(value) },
    };

    private static CommonResponse Streamed(ByteString body, bool end) => new()
    {
        BodyMutation = new BodyMutation { StreamedResponse = new StreamedBodyResponse { Body = body, EndOfStream = end } },
    };
}
