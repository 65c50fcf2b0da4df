using System.Buffers;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>A value of a well-formed JSON text, where it lies. The default is one that is not there.</summary>
/// <param name="First">Its first byte, which tells its kind; 0 where there is none.</param>
/// <param name="Bytes">The value as it is written; of a string what is between the quotes.</param>
/// <param name="IsEscaped">It is a string that has escapes.</param>
internal readonly record struct JsonValue(byte First, ReadOnlySequence<byte> Bytes, bool IsEscaped = false)
{
    /// <summary>It is a string.</summary>
    public bool IsString => First == (byte)'"';

    /// <summary>It is an array.</summary>
    public bool IsArray => First == (byte)'[';

    /// <summary>It is an object.</summary>
    public bool IsObject => First == (byte)'{';

    /// <summary>It is this string, escaped or not.</summary>
    /// <param name="text">ASCII, at most 32 bytes.</param>
    public bool Is(ReadOnlySpan<byte> text) => IsString && JsonKey.Is(Bytes, IsEscaped, text);

    /// <summary>It is an array or object with something in it.</summary>
    public bool HasItems
    {
        get
        {
            var items = new JsonCursor(Bytes);
            return items.TryEnter() && items.TryNext();
        }
    }

    /// <summary>The last member of that name, where this is an object; else nothing.</summary>
    public JsonValue Member(ReadOnlySpan<byte> name)
    {
        var found = default(JsonValue);
        var members = new JsonCursor(Bytes);
        if (IsObject && members.TryEnter())
        {
            while (members.TryNextMember(out var key, out var value))
            {
                found = key.Is(name) ? value : found;
            }
        }

        return found;
    }
}
