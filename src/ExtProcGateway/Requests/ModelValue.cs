using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>Renders model names as JSON strings, and puts them into bodies.</summary>
internal static class ModelValue
{
    /// <summary>A UTF-16 unit has at most three bytes, or six as an escape.</summary>
    private const int LongestUnit = 6;

    private const int UsualLength = 512;

    /// <summary>Gives a body another model, in place: nothing but that one value changes, or is added as the object's first where there is none.</summary>
    /// <param name="body">The body that was parsed, as it was then.</param>
    /// <param name="parsed">Its outcome; <see cref="ParsedRequest.CanEditModel"/> must hold, and offsets in it are void afterwards.</param>
    public static void Replace(BodyBuffer body, in ParsedRequest parsed, string model)
    {
        const int KeyAndComma = 9;
        var room = MaxLength(model) + KeyAndComma;
        byte[]? rented = null;
        var value = room <= UsualLength ? stackalloc byte[UsualLength] : rented = ArrayPool<byte>.Shared.Rent(room);
        int length;
        if (parsed.ModelLength > 0)
        {
            length = Write(model, value);
        }
        else
        {
            // A body that was accepted has content, so a comma is right.
            "\"model\":"u8.CopyTo(value);
            length = "\"model\":"u8.Length;
            length += Write(model, value[length..]);
            value[length++] = (byte)',';
        }

        body.Replace(parsed.ModelOffset, parsed.ModelLength, value[..length]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Room that <see cref="Write"/> needs at most.</summary>
    public static int MaxLength(string name) => (LongestUnit * name.Length) + 2;

    /// <summary>Writes a name as a JSON string, quotes included; half of a surrogate pair becomes U+FFFD. Allocates nothing for usual names.</summary>
    /// <returns>Bytes written.</returns>
    public static int Write(string name, Span<byte> destination)
    {
        var size = Encoding.UTF8.GetMaxByteCount(name.Length);
        byte[]? rented = null;
        var plain = size <= UsualLength ? stackalloc byte[UsualLength] : rented = ArrayPool<byte>.Shared.Rent(size);
        plain = plain[..Encoding.UTF8.GetBytes(name, plain)];
        destination[0] = (byte)'"';
        JavaScriptEncoder.UnsafeRelaxedJsonEscaping.EncodeUtf8(plain, destination[1..], out _, out var written);
        destination[written + 1] = (byte)'"';
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return written + 2;
    }
}
