using System.Buffers.Binary;
using System.Collections;
using System.Globalization;
using System.Text;

namespace Orleans.Inference.TestKit.KvEvents;

/// <summary>Writes MessagePack, each value in its shortest form, as msgspec does.</summary>
public static class MsgPack
{
    /// <summary>Bytes of a value: null, truth values, numbers, strings, byte arrays, dictionaries and other enumerables of these.</summary>
    public static byte[] Of(object? value)
    {
        var bytes = new List<byte>();
        Write(bytes, value);
        return [.. bytes];
    }

    private static void Write(List<byte> to, object? value)
    {
        switch (value)
        {
            case null:
                to.Add(0xc0);
                break;
            case bool truth:
                to.Add(truth ? (byte)0xc3 : (byte)0xc2);
                break;
            case double number:
                to.Add(0xcb);
                Append(to, BitConverter.DoubleToUInt64Bits(number), 8);
                break;
            case string text:
                var utf8 = Encoding.UTF8.GetBytes(text);
                WriteHead(to, utf8.Length, 0xa0, 32, 0xd9, 0xda, 0xdb);
                to.AddRange(utf8);
                break;
            case byte[] binary:
                WriteHead(to, binary.Length, 0, 0, 0xc4, 0xc5, 0xc6);
                to.AddRange(binary);
                break;
            case IDictionary map:
                WriteHead(to, map.Count, 0x80, 16, 0, 0xde, 0xdf);
                foreach (DictionaryEntry entry in map)
                {
                    Write(to, entry.Key);
                    Write(to, entry.Value);
                }

                break;
            case IEnumerable items:
                var list = items.Cast<object?>().ToList();
                WriteHead(to, list.Count, 0x90, 16, 0, 0xdc, 0xdd);
                list.ForEach(item => Write(to, item));
                break;
            case ulong unsigned:
                WriteUnsigned(to, unsigned);
                break;
            default:
                WriteSigned(to, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static void WriteSigned(List<byte> to, long number)
    {
        if (number >= 0)
        {
            WriteUnsigned(to, (ulong)number);
            return;
        }

        var (head, size) = number switch { >= -32 => (0, 1), >= sbyte.MinValue => (0xd0, 1), >= short.MinValue => (0xd1, 2), >= int.MinValue => (0xd2, 4), _ => (0xd3, 8) };
        if (head > 0)
        {
            to.Add((byte)head);
        }

        Append(to, (ulong)number, size);
    }

    private static void WriteUnsigned(List<byte> to, ulong number)
    {
        var (head, size) = number switch { < 0x80 => (0, 1), <= byte.MaxValue => (0xcc, 1), <= ushort.MaxValue => (0xcd, 2), <= uint.MaxValue => (0xce, 4), _ => (0xcf, 8) };
        if (head > 0)
        {
            to.Add((byte)head);
        }

        Append(to, number, size);
    }

    /// <param name="small">The first byte of those that are shorter than <paramref name="below"/>; the other three are followed by one, two or four bytes, 0 for none such.</param>
    private static void WriteHead(List<byte> to, int length, byte small, int below, byte one, byte two, byte four)
    {
        if (length < below)
        {
            to.Add((byte)(small | length));
        }
        else if (one != 0 && length <= byte.MaxValue)
        {
            to.AddRange([one, (byte)length]);
        }
        else
        {
            to.Add(length <= ushort.MaxValue ? two : four);
            Append(to, (ulong)length, length <= ushort.MaxValue ? 2 : 4);
        }
    }

    private static void Append(List<byte> to, ulong number, int size)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        to.AddRange(bytes[^size..]);
    }
}
