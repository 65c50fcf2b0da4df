using Orleans.Inference.Picking.Sessions;
using Orleans.Inference.Picking.Tests.Configuration;
using Orleans.Inference.Picking.Tests.Filters;

namespace Orleans.Inference.Picking.Tests.Sessions;

public sealed class SessionIdProducerTests
{
    private static SessionIdProducer Make(string parameters) => Filtering.Make<SessionIdProducer>($"- type: session-id-producer\n  parameters: {parameters}");

    private static string Find(string parameters, params (string, string)[] headers) => Make(parameters).Find(new InferenceRequest { Headers = new FixedHeaders(headers) });

    [Theory]
    [InlineData("session=abc", "abc")]
    [InlineData("a=1; session=abc; b=2", "abc")]
    [InlineData("a=1;session=abc;b=2", "abc")]
    [InlineData("  session\t=  abc\t; b=2", "abc")]
    [InlineData("session=abc=; b=2", "abc=")]
    [InlineData("session=first; session=second", "first")]
    [InlineData("session=; session=second", "")] // the first counts, and has no value
    [InlineData("session=\"abc\"", "abc")]
    [InlineData("session=\"a;b\"", "\"a")] // no value has a semicolon, quoted or not
    [InlineData("session=\"", "\"")]
    [InlineData("session=\"\"", "")]
    [InlineData("session=a\"b\"", "a\"b\"")]
    [InlineData("Session=abc", "")]
    [InlineData("xsession=abc; session.id=d", "")]
    [InlineData("session; =abc; ;;", "")]
    [InlineData("session=\u00e4\u4e2d", "\u00e4\u4e2d")]
    [InlineData("", "")]
    public void Cookie_OfAHeader_IsRead(string header, string id) => Assert.Equal(id, Find("{cookieName: session}", ("cookie", header)));

    [Fact]
    public void Cookie_InOneOfSeveralHeaders_IsTheFirst() =>
        Assert.Equal("abc", Find("{cookieName: ' session '}", ("cookie", "a=1"), ("x", "session=no"), ("Cookie", "session=abc"), ("cookie", "session=def")));

    [Theory]
    [InlineData(" abc ", "abc")]
    [InlineData("", "")]
    public void Header_Value_IsTheIdWithoutBlanks(string value, string id) => Assert.Equal(id, Find("{headerName: ' X-Mine '}", ("x-mine", value), ("cookie", "x-mine=no")));

    [Fact]
    public void Find_NothingThere_IsEmpty()
    {
        Assert.Equal("", Find("{headerName: x-mine}"));
        Assert.Equal("", Find("{cookieName: session}"));
        Assert.Equal("", Make("{cookieName: session}").Find(new InferenceRequest()));
    }

    [Fact]
    public void Find_TheSameRequest_IsReadOnce()
    {
        var producer = Make("{cookieName: session}");
        var request = new InferenceRequest { Headers = new FixedHeaders(("cookie", "session=abc")) };
        var first = producer.Find(request);
        request.Headers = null;

        Assert.Same(first, producer.Find(request));
    }

    [Theory]
    [InlineData("- type: session-id-producer", "4:3")]
    [InlineData("- type: session-id-producer\n  parameters: {}", "5:15")]
    [InlineData("- type: session-id-producer\n  parameters: {headerName: '', cookieName: ' '}", "5:15")]
    [InlineData("- type: session-id-producer\n  parameters:\n    headerName: a\n    cookieName: b", "7:17")]
    public void Load_BothOrNone_IsAFaultWithItsPlace(string entry, string place) =>
        Assert.Equal([$"c.yaml:{place}: plugin 'session-id-producer': exactly one of headerName and cookieName must be given"], Loading.Load("plugins:\n" + entry).Faults.Select(fault => fault.ToString()));
}
