using Envoy.Service.ExtProc.V3;
using Orleans.Inference.Interop.Tests.Http;
using Orleans.Inference.Interop.Tests.Picker;
using Xunit.Abstractions;

namespace Orleans.Inference.Interop.Tests.BadInput;

/// <summary>Each bad input many times: the right answer each time, nothing kept, and the picker goes on.</summary>
public sealed class BadInputTests(BadInputPicker system, ITestOutputHelper output) : IClassFixture<BadInputPicker>
{
    private const int Times = 1000;
    private const int AtOnce = 16;

    /// <summary>Half of what <see cref="Times"/> bodies hold.</summary>
    private const long Growth = (long)Times * BadInputs.Size / 2;

    /// <summary>What is kept grows in every round; what the collector has not yet given back, or a new peak of bodies at once, does not.</summary>
    private const int Rounds = 3;

    public static TheoryData<string> Calls { get; } = [.. BadInputs.Calls.Keys];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_AThousandTimes_IsAnsweredAndNothingIsKept(string name)
    {
        var (bytes, grpcStatus, httpStatus) = BadInputs.Calls[name];
        using var client = RawGrpc.Open(system.Picker.GrpcPort);

        await RunWatchedAsync(async () =>
        {
            var (status, answers) = await RawGrpc.CallAsync(client, PickerManifests.PlainAuthority, bytes);
            Assert.Equal(grpcStatus, status);
            AssertAnswers(httpStatus, answers);
        });
    }

    [Fact]
    public async Task Client_VanishesInMidBodyAThousandTimes_NothingIsKept()
    {
        using var client = RawGrpc.Open(system.Picker.GrpcPort);

        await RunWatchedAsync(() => RawGrpc.VanishAsync(client, PickerManifests.PlainAuthority, BadInputs.Unfinished));
    }

    [Fact]
    public async Task Connection_BreaksInMidBodyAThousandTimes_NothingIsKept() => await RunWatchedAsync(async () =>
    {
        using var content = new UnfinishedContent(BadInputs.Unfinished);
        Task broken;
        using (var client = RawGrpc.Open(system.Picker.GrpcPort))
        {
            broken = RawGrpc.SendAsync(client, PickerManifests.PlainAuthority, content);
            await content.Sent.WaitAsync(TimeSpan.FromSeconds(120));
        }

        await Assert.ThrowsAnyAsync<Exception>(() => broken);
    });

    /// <summary>Warms up, watches the memory over <see cref="Times"/> runs, and sees that the picker still picks.</summary>
    private async Task RunWatchedAsync(Func<Task> once)
    {
        await RunAsync(once, Times / 4);
        var grown = long.MaxValue;
        for (var round = 0; round < Rounds && grown >= Growth; round++)
        {
            var before = system.Picker.ReadResidentMemory();
            await RunAsync(once, Times);
            await system.Picker.AwaitOpenStreamsAsync(0);
            grown = system.Picker.ReadResidentMemory() - before;
            output.WriteLine($"resident memory: {before / 1024} KiB, then {grown / 1024} KiB more");
        }

        Assert.True(grown < Growth, $"{grown / 1024} KiB more after {Times} times, in each of {Rounds} rounds");
        using var client = RawGrpc.Open(system.Picker.GrpcPort);
        var (status, answers) = await RawGrpc.CallAsync(client, PickerManifests.PlainAuthority, BadInputs.Good);
        Assert.Equal(0, status);
        AssertAnswers(0, answers);
    }

    private static async Task RunAsync(Func<Task> once, int times)
    {
        var left = times;
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                await once();
            }
        }));
    }

    private static void AssertAnswers(int? httpStatus, List<ProcessingResponse> answers)
    {
        switch (httpStatus)
        {
            case null:
                Assert.Empty(answers);
                break;
            case 0:
                Assert.Equal(ProcessingResponse.ResponseOneofCase.RequestHeaders, answers[0].ResponseCase);
                Assert.All(answers.Skip(1), answer => Assert.Equal(ProcessingResponse.ResponseOneofCase.RequestBody, answer.ResponseCase));
                Assert.True(answers[^1].RequestBody.Response.BodyMutation.StreamedResponse.EndOfStream);
                break;
            default:
                Assert.Equal(httpStatus, (int)Assert.Single(answers).ImmediateResponse.Status.Code);
                break;
        }
    }
}
