using System.Text;

namespace Orleans.Inference.Interop.Tests.Http;

/// <summary>Bodies of an exact length.</summary>
internal static class Bodies
{
    public const string CompletionsPath = "/v1/completions";

    /// <summary>Shortest that is a completions request.</summary>
    public const int Shortest = 30;

    /// <summary>A completions request of that many bytes; what is shorter than such a request can be is not JSON.</summary>
    public static byte[] OfLength(int length)
    {
        const string Start = "{\"model\":\"m\",\"prompt\":\"";
        const string End = "\"}";
        return Encoding.ASCII.GetBytes(length < Shortest ? new string('x', length) : Start + Text(length - Start.Length - End.Length) + End);
    }

    /// <summary>Text that differs everywhere, so that pieces put together in a wrong order are noticed.</summary>
    private static string Text(int length) => string.Create(length, 0, static (span, _) =>
    {
        uint state = 2463534242;
        foreach (ref var c in span)
        {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            c = (char)('a' + (state % 26));
        }
    });

    /// <summary>Where such a body goes: the shortest ones only pass on a path whose bodies the picker does not read.</summary>
    public static string PathFor(int length) => length < Shortest ? "/v1/other" : CompletionsPath;
}
