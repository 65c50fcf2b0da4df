using System.Text;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Sessions;

/// <summary><c>session-id-producer</c>: tells which session a request belongs to, from a header or a cookie.</summary>
/// <remarks>Safe from any thread. Costs nothing for a request whose session nobody asks for, and one string for one that has a session.</remarks>
public sealed class SessionIdProducer : IDataProducer
{
    /// <summary>The name by which sources of sessions ask for what this finds: the reference picker's.</summary>
    public const string Attribute = "SessionIDDataKey";

    private readonly string _header;
    private readonly byte[] _cookie;

    private SessionIdProducer(string header, string cookie)
    {
        _header = header;
        _cookie = Encoding.UTF8.GetBytes(cookie);
    }

    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<SessionIdProducer, SessionIdProducerParameters>("session-id-producer", Create) with
    {
        Summary = $"Finds out which session a request belongs to, from a header or a cookie. `session-affinity-filter` and `session-affinity-scorer` take it as a source with the attribute `{Attribute}` and "
            + "this plugin's name as its producer.",
        Produces = PluginData.SessionId,
        Example = $$"""
            - type: session-id-producer
              parameters:
                cookieName: session
            - type: session-affinity-scorer
              parameters:
                strategy: session_id
                sessionIdConfig:
                  sources:
                  - attribute: {{Attribute}}
                    producer: session-id-producer
            """,
    };

    /// <summary>The id of a request's session; empty where it has none. Of use while the request is scheduled.</summary>
    public string Find(InferenceRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.GetNote<string>(this) is { } known)
        {
            return known;
        }

        var id = request.Headers is { } headers ? Find(headers) : "";
        request.SetNote(this, id);
        return id;
    }

    private static SessionIdProducer Create(SessionIdProducerParameters parameters, PluginContext context)
    {
        var (header, cookie) = (parameters.HeaderName.Trim(), parameters.CookieName.Trim());
        if ((header.Length == 0) == (cookie.Length == 0))
        {
            context.Fault(cookie.Length > 0 ? "cookieName" : "", "exactly one of headerName and cookieName must be given");
        }

        return new(header, cookie);
    }

    private string Find(IRequestHeaders headers) =>
        _header.Length == 0 ? FindCookie(headers)
        : headers.TryGet(_header, out var value) ? value.Trim()
        : "";

    private string FindCookie(IRequestHeaders headers)
    {
        var position = 0;
        while (headers.TryGetNext("cookie"u8, ref position, out var cookies))
        {
            if (CookieHeader.TryFind(cookies, _cookie, out var value))
            {
                return Encoding.UTF8.GetString(value);
            }
        }

        return "";
    }
}
