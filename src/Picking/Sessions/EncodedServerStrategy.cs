using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Sessions;

/// <summary><c>encoded_endpoint_header</c>: a header of the response holds the server's id in base64, and the session's next request brings it back. Nothing is remembered here.</summary>
/// <param name="profile">Index of the profile whose pick is the session's server; -1 for the destination's.</param>
internal sealed class EncodedServerStrategy(string header, int profile) : ISessionStrategy
{
    /// <summary>Longest id in bytes: two Kubernetes names and a rank are at most 253 + 253 + 20.</summary>
    private const int LongestId = 576;

    private readonly byte[] _header = Encoding.UTF8.GetBytes(header.ToLowerInvariant());

    /// <inheritdoc/>
    public int Find(in PickContext context, ReadOnlySpan<int> candidates)
    {
        if (context.Request.Headers?.TryGet(header, out var token) != true || token!.Length == 0)
        {
            return -1;
        }

        Span<byte> bytes = stackalloc byte[LongestId];
        Span<char> id = stackalloc char[LongestId];
        if (!Convert.TryFromBase64String(token, bytes, out var length) || !Encoding.UTF8.TryGetChars(bytes[..length], id, out var letters))
        {
            return -1;
        }

        var server = context.View.ById.Find(id[..letters]);
        return server < 0 ? -1 : candidates.IndexOf(server);
    }

    /// <inheritdoc/>
    public void Remember(in PickContext context, in PickResult result)
    {
        if (profile >= 0 && result.PicksOf(profile) is [var picked, ..])
        {
            context.Request.SetNote(this, context.View.Servers[picked]);
        }
    }

    /// <inheritdoc/>
    public void Tell(InferenceRequest request, ModelServer server, HeaderEdits headers)
    {
        var pinned = profile < 0 ? server : request.GetNote<ModelServer>(this);
        if (pinned is null)
        {
            return;
        }

        Span<byte> id = stackalloc byte[LongestId];
        Span<byte> token = stackalloc byte[LongestId / 3 * 4];
        if (Encoding.UTF8.TryGetBytes(pinned.Id, id, out var length) && Base64.EncodeToUtf8(id[..length], token, out _, out var written) == OperationStatus.Done)
        {
            headers.Set(_header, token[..written]);
        }
    }

    /// <inheritdoc/>
    public void TakeOver(ISessionStrategy predecessor)
    {
        // The clients remember.
    }

    /// <inheritdoc/>
    public JsonNode? ReportState() => null;
}
