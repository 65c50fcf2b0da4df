namespace Orleans.Inference.Picking;

/// <summary>The headers of a request, for plugins that look at one.</summary>
/// <remarks>Valid while the request is scheduled.</remarks>
public interface IRequestHeaders
{
    /// <summary>The value of a header, whatever the case of its name; of a header that occurs twice the last one. Looks through all headers, so its cost grows with their number.</summary>
    bool TryGet(string name, out string value);

    /// <summary>The next of the headers of a name, whose value is read where it lies: no string is made. Looks through the headers up to it.</summary>
    /// <param name="position">0 to begin with the first; then where this has come to.</param>
    /// <param name="value">Valid while the request is scheduled.</param>
    bool TryGetNext(ReadOnlySpan<byte> name, ref int position, out ReadOnlySpan<byte> value);
}
