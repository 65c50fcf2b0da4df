using System.Globalization;
using System.Text;

namespace Orleans.Inference.Simulator.Proxy;

/// <summary>A model server's response, or the proxy's own in its place: the picker sees both alike.</summary>
/// <param name="servedBy"><c>ip:port</c> of the model server; null for the proxy's own.</param>
internal sealed class UpstreamResponse(HttpResponseMessage message, string? servedBy) : IDisposable
{
    public string? ServedBy => servedBy;

    public static UpstreamResponse Local(int status, string text)
    {
        var message = new HttpResponseMessage((System.Net.HttpStatusCode)status) { Content = new StringContent(text + "\n", Encoding.UTF8, "text/plain") };
        return new UpstreamResponse(message, null);
    }

    public HeaderList ReadHeaders()
    {
        var headers = new HeaderList();
        headers.Add(":status", ((int)message.StatusCode).ToString(CultureInfo.InvariantCulture));
        foreach (var (name, values) in message.Headers.NonValidated.Concat(message.Content.Headers.NonValidated))
        {
            foreach (var value in values)
            {
                headers.Add(name, value);
            }
        }

        return headers;
    }

    public bool HasBody(string method)
    {
        return message.StatusCode is not (System.Net.HttpStatusCode.NoContent or System.Net.HttpStatusCode.NotModified)
            && message.Content.Headers.ContentLength != 0
            && !HttpMethods.IsHead(method);
    }

    public Task<Stream> ReadBodyAsync(CancellationToken cancellationToken) => message.Content.ReadAsStreamAsync(cancellationToken);

    /// <summary>Trailers; there when the body has been read to its end.</summary>
    public IReadOnlyList<(string Name, string Value)> ReadTrailers()
    {
        return [.. message.TrailingHeaders.NonValidated.SelectMany(trailer => trailer.Value.Select(value => (trailer.Key.ToLowerInvariant(), value)))];
    }

    public void Dispose() => message.Dispose();
}
