using Contracts.Grpc.Protos;
using Grpc.Core;

namespace Contracts.Grpc;

public sealed class DeadlineTests
{
    [Fact]
    public async Task Deadline_PassedWhileTheServerWorks_FailsTheCallAndTellsTheMethod()
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await ProbeServer.StartAsync(behavior => behavior.Unary = async (_, context) =>
        {
            context.CancellationToken.Register(told.SetResult);
            await told.Task;
            return new Answer();
        });

        var client = server.CreateClient();
        await client.CollectOfNothingAsync();

        using var call = client.UnaryAsync(new Ask(), deadline: DateTime.UtcNow.AddSeconds(2));
        var failure = await Failure.OfAsync(call.ResponseAsync);

        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        Assert.Equal(StatusCode.DeadlineExceeded, call.GetStatus().StatusCode);
        await told.Task.WaitAsync(ProbeServer.Patience);
    }

    [Fact]
    public async Task Deadline_PassedInAStream_FailsReadAndWrite()
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await ProbeServer.StartAsync(behavior => behavior.Converse = async (_, answers, context) =>
        {
            context.CancellationToken.Register(told.SetResult);
            await answers.WriteAsync(new Answer { Number = 1 });
            await told.Task;
        });

        var client = server.CreateClient();
        await client.CollectOfNothingAsync();

        using var call = client.Converse(deadline: DateTime.UtcNow.AddSeconds(2));
        var failure = await Failure.OfAsync(call.ResponseStream.ReadAllAsync().CountAsync().AsTask());
        var unwritten = await Failure.OfAsync(call.RequestStream.WriteAsync(new Ask()));

        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        Assert.Equal(StatusCode.DeadlineExceeded, unwritten.StatusCode);
        await told.Task.WaitAsync(ProbeServer.Patience);
    }

    [Fact]
    public async Task Deadline_AlreadyPast_FailsWithoutReachingTheServer()
    {
        var reached = false;
        await using var server = await ProbeServer.StartAsync(behavior => behavior.Unary = (ask, _) =>
        {
            reached = true;
            return Task.FromResult(new Answer());
        });
        var client = server.CreateClient();

        var failure = await Failure.OfAsync(client.UnaryAsync(new Ask(), deadline: DateTime.UtcNow.AddSeconds(-1)).ResponseAsync);

        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        Assert.False(reached);
    }

    [Fact]
    public async Task Deadline_OfACall_IsKnownToTheMethod()
    {
        await using var server = await ProbeServer.StartAsync(
            behavior => behavior.Unary = (_, context) => Task.FromResult(new Answer { Text = context.Deadline.Ticks.ToString("D") }));
        var client = server.CreateClient();
        var deadline = DateTime.UtcNow.AddHours(1);

        var with = await client.UnaryAsync(new Ask(), deadline: deadline).ResponseAsync.WaitAsync(ProbeServer.Patience);
        var without = await client.UnaryAsync(new Ask()).ResponseAsync.WaitAsync(ProbeServer.Patience);

        Assert.InRange(new DateTime(long.Parse(with.Text), DateTimeKind.Utc), deadline.AddMinutes(-5), deadline.AddMinutes(5));
        Assert.Equal(DateTime.MaxValue.Ticks, long.Parse(without.Text));
    }

    [Fact]
    public async Task Deadline_InLocalTime_IsRefused()
    {
        await using var server = await ProbeServer.StartAsync();
        var client = server.CreateClient();

        Assert.Throws<InvalidOperationException>(() => client.UnaryAsync(new Ask(), deadline: DateTime.Now.AddHours(1)));
    }

    [Theory]
    [InlineData("300m")]
    [InlineData("300000u")]
    [InlineData("300000n")]
    public async Task Timeout_OnTheWire_EndsTheResponseThoughTheMethodGoesOn(string timeout)
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await ProbeServer.StartAsync(behavior => behavior.Unary = async (_, _) =>
        {
            await release.Task;
            return new Answer();
        });
        using var http = new HttpClient();
        using var request = RawRequest.Create(server.Address, "/contracts.probe.v1.Probe/Unary", new Ask());
        request.Headers.Add("grpc-timeout", timeout);

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(ProbeServer.Patience);

        Assert.Equal("4", response.Headers.GetValues("grpc-status").Single());
        release.SetResult();
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("12")]
    [InlineData("-5S")]
    [InlineData("S")]
    public async Task Timeout_Malformed_IsIgnored(string timeout)
    {
        await using var server = await ProbeServer.StartAsync();
        using var http = new HttpClient();
        using var request = RawRequest.Create(server.Address, "/contracts.probe.v1.Probe/Unary", new Ask());
        request.Headers.TryAddWithoutValidation("grpc-timeout", timeout);

        using var response = await http.SendAsync(request).WaitAsync(ProbeServer.Patience);

        Assert.Equal("0", response.TrailingHeaders.GetValues("grpc-status").Single());
    }
}
