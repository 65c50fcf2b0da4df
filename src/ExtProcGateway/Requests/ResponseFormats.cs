namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>What is known of a <see cref="ResponseFormat"/>.</summary>
internal static class ResponseFormats
{
    /// <summary>The response is gRPC messages: their lengths are written before them, and in them, so that no text in them can be replaced by a longer or shorter one.</summary>
    public static bool IsGrpc(this ResponseFormat format) => format is ResponseFormat.VllmGenerate or ResponseFormat.VllmEmbed or ResponseFormat.VertexAi;
}
