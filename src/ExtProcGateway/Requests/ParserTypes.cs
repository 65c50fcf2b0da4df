namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>Type names of the request parsers, as they are written in an <c>EndpointPickerConfig</c>.</summary>
internal static class ParserTypes
{
    public const string OpenAi = "openai-parser";
    public const string Anthropic = "anthropic-parser";
    public const string VllmHttp = "vllmhttp-parser";
    public const string SgLangHttp = "sglanghttp-parser";
    public const string VllmGrpc = "vllmgrpc-parser";
    public const string VertexAi = "vertexai-parser";
    public const string Passthrough = "passthrough-parser";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [OpenAi, Anthropic, VllmHttp, SgLangHttp, VllmGrpc, VertexAi, Passthrough];

    /// <summary>Those that are on where nothing else is configured, in order.</summary>
    public static readonly IReadOnlyList<string> Default = [OpenAi, Anthropic, VllmHttp, Passthrough];
}
