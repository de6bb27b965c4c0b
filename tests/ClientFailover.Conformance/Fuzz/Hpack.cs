using System.Text;

namespace ClientFailover.Conformance.Fuzz;

/// <summary>
/// Header blocks of HTTP/2 in their plainest form: literals that nobody remembers. The peer is told to do the same, by a
/// table size of none.
/// </summary>
internal static class Hpack
{
    private const int FirstStatus = 8;

    private static readonly string[] Statuses = ["200", "204", "206", "304", "400", "404", "500"];

    /// <summary>Encodes headers.</summary>
    /// <param name="headers">Their names and values, a byte a character.</param>
    public static byte[] Encode(IEnumerable<(string Name, string Value)> headers)
    {
        var block = new List<byte>();
        foreach (var (name, value) in headers)
        {
            block.Add(0);
            Write(block, name);
            Write(block, value);
        }

        return [.. block];
    }

    /// <summary>Decodes what a service sends that remembers nothing and does not compress.</summary>
    /// <param name="block">The block.</param>
    /// <param name="take">Receives names and values; names that are numbers in the static table other than :status are passed over.</param>
    public static void Decode(ReadOnlySpan<byte> block, Action<string, string> take)
    {
        while (block.Length > 0)
        {
            var first = block[0];
            if ((first & 0x80) != 0)
            {
                var index = Integer(ref block, 7);
                if (index >= FirstStatus && index < FirstStatus + Statuses.Length)
                {
                    take(":status", Statuses[index - FirstStatus]);
                }
            }
            else if ((first & 0xe0) == 0x20)
            {
                Integer(ref block, 5);
            }
            else
            {
                var index = Integer(ref block, (first & 0x40) != 0 ? 6 : 4);
                var name = index switch
                {
                    0 => Read(ref block),
                    >= FirstStatus and <= 14 => ":status",
                    _ => string.Empty,
                };
                take(name, Read(ref block));
            }
        }
    }

    private static void Write(List<byte> block, string text)
    {
        const int limit = 127;
        if (text.Length < limit)
        {
            block.Add((byte)text.Length);
        }
        else
        {
            block.Add(limit);
            var rest = text.Length - limit;
            for (; rest >= 0x80; rest >>= 7)
            {
                block.Add((byte)(rest | 0x80));
            }

            block.Add((byte)rest);
        }

        block.AddRange(Encoding.Latin1.GetBytes(text));
    }

    private static int Integer(ref ReadOnlySpan<byte> block, int prefixBits)
    {
        var limit = (1 << prefixBits) - 1;
        var value = block[0] & limit;
        block = block[1..];
        for (var shift = 0; value >= limit; shift += 7)
        {
            var next = block[0];
            block = block[1..];
            value += (next & 0x7f) << shift;
            if ((next & 0x80) == 0)
            {
                break;
            }
        }

        return value;
    }

    private static string Read(ref ReadOnlySpan<byte> block)
    {
        if ((block[0] & 0x80) != 0)
        {
            throw new InvalidDataException("A header is compressed, which this service is not known to do.");
        }

        var length = Integer(ref block, 7);
        var text = Encoding.Latin1.GetString(block[..length]);
        block = block[length..];
        return text;
    }
}
