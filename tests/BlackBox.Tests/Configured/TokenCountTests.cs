using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Configured;

/// <summary>The tokens that a <c>token-producer</c> counts decide where a request goes.</summary>
public sealed class TokenCountTests(CountingPicker picker) : IClassFixture<CountingPicker>
{
    private readonly ExtProcClient _client = picker.ClientOf(CountingPicker.Service);

    private async Task<string?> PickedAsync(string content, params (string, string)[] headers) =>
        (await _client.PickAsync($$"""{"model":"m","messages":[{"role":"user","content":{{content}}}]}""", "/v1/chat/completions", headers)).Destination;

    [Fact]
    public async Task Text_CountsATokenForFourBytes()
    {
        Assert.Equal(picker.ForShort, await PickedAsync($"\"{new string('a', 3_900)}\"")); // with "user" 976 tokens
        Assert.Equal(picker.ForLong, await PickedAsync($"\"{new string('a', 4_100)}\"")); // 1,026
    }

    [Fact]
    public async Task Picture_CountsWhatTheConfigurationSays() =>
        Assert.Equal(picker.ForLong, await PickedAsync("""[{"type":"image_url","image_url":{"url":"http://x/p.png"}}]"""));

    [Fact]
    public async Task Video_CountsWhatTheHeadersSay()
    {
        const string video = """[{"type":"video_url","video_url":{"url":"http://x/v.mp4"}}]""";

        Assert.Equal(picker.ForLong, await PickedAsync(video)); // 10 s · 2 frames of 100
        Assert.Equal(picker.ForShort, await PickedAsync(video, ("x-llm-d-video-duration-seconds", "4"))); // 8 frames
        Assert.Equal(picker.ForLong, await PickedAsync(video, ("x-llm-d-video-duration-seconds", "four")));
    }
}
