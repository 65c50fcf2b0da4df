namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>Tells the API by the end of the request's path, the longest known ending first.</summary>
internal static class RequestPath
{
    /// <summary>Classifies <c>:path</c>; its query and a trailing slash do not count.</summary>
    public static RequestShape Classify(ReadOnlySpan<byte> path)
    {
        var query = path.IndexOf((byte)'?');
        path = (query < 0 ? path : path[..query]).TrimEnd((byte)'/');
        return path.EndsWith("chat/completions"u8) ? RequestShape.ChatCompletions
            : path.EndsWith("completions"u8) ? RequestShape.Completions
            : RequestShape.Passthrough;
    }
}
