using System.Text;
using System.Text.RegularExpressions;
using static Orleans.Inference.ExtProcGateway.Tests.Protocol.ExtProcFixture;

namespace Orleans.Inference.ExtProcGateway.Tests.Protocol;

/// <summary>Whose a request is, by <c>agent-identity</c>.</summary>
public sealed partial class AgentIdentityTests : IDisposable
{
    private readonly ExtProcFixture _fixture = new("10.0.0.1:8000");

    public void Dispose() => _fixture.Dispose();

    /// <summary>The flow that the metrics count the request in.</summary>
    private async Task<string> FlowOfAsync(params (string, string)[] headers)
    {
        _fixture.Configure("plugins: [{type: agent-identity, parameters: {headers: [x-agent, session-id]}}]\n");
        _fixture.Send(Headers(more: headers));
        _fixture.Send(Body("""{"model":"m","prompt":"p"}"""));
        using var page = new MemoryStream();
        await _fixture.Registry.CollectAndExportAsTextAsync(page);
        return FlowLabel().Match(Encoding.UTF8.GetString(page.ToArray())).Groups[1].Value;
    }

    [GeneratedRegex("llm_d_epp_request_running\\{[^}]*fairness_id=\"([^\"]*)\"")]
    private static partial Regex FlowLabel();

    [Theory]
    [InlineData("x-claude-code-session-id")]
    [InlineData("x-session-affinity")]
    [InlineData("session-id")]
    [InlineData("Session_Id")]
    [InlineData("X-Agent")]
    public async Task Header_NamesTheFlow(string header) => Assert.Equal("s1", await FlowOfAsync((header, "s1")));

    [Fact]
    public async Task FairnessId_ComesFirst() => Assert.Equal("flow", await FlowOfAsync(("session-id", "s1"), ("x-llm-d-inference-fairness-id", "flow")));

    [Fact]
    public async Task SeveralHeaders_TheFirstThatIsKnownCounts() => Assert.Equal("s2", await FlowOfAsync(("x-agent", "s1"), ("x-session-affinity", "s2"), ("x-claude-code-session-id", "")));

    [Fact]
    public async Task NoHeader_IsTheDefaultFlow() => Assert.Equal("default-flow", await FlowOfAsync());
}
