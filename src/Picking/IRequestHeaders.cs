namespace Orleans.Inference.Picking;

/// <summary>The headers of a request, for plugins that look at one.</summary>
/// <remarks>Valid while the request is scheduled.</remarks>
public interface IRequestHeaders
{
    /// <summary>The value of a header, whatever the case of its name; of a header that occurs twice the last one. Looks through all headers, so its cost grows with their number.</summary>
    bool TryGet(string name, out string value);
}
