using System.Text;

namespace ClientFailover.Benchmarks.Http2;

/// <summary>
/// The header block of a gRPC call, encoded once and sent as it is on every stream: all fields are static indices or
/// literals that are not indexed, so that no compression state has to be kept.
/// </summary>
internal static class RequestHeaders
{
    private const int PostIndex = 3;
    private const int HttpSchemeIndex = 6;
    private const int PathIndex = 4;
    private const int AuthorityIndex = 1;
    private const int ContentTypeIndex = 31;
    private const int AuthorizationIndex = 23;

    /// <summary>Encodes the headers of a call.</summary>
    /// <param name="authority">Host and port.</param>
    /// <param name="path">The method, as "/package.Service/Method".</param>
    /// <param name="authorization">The value of the header of that name; null: none is sent.</param>
    /// <returns>The block.</returns>
    public static byte[] Encode(string authority, string path, string? authorization)
    {
        var block = new List<byte> { 0x80 | PostIndex, 0x80 | HttpSchemeIndex };
        Literal(block, PathIndex, path);
        Literal(block, AuthorityIndex, authority);
        Literal(block, ContentTypeIndex, "application/grpc");
        Literal(block, "te", "trailers");
        if (authorization is not null)
        {
            Literal(block, AuthorizationIndex, authorization);
        }

        return [.. block];
    }

    private static void Literal(List<byte> block, int nameIndex, string value)
    {
        Integer(block, nameIndex, prefixBits: 4);
        Text(block, value);
    }

    private static void Literal(List<byte> block, string name, string value)
    {
        block.Add(0);
        Text(block, name);
        Text(block, value);
    }

    private static void Text(List<byte> block, string value)
    {
        Integer(block, value.Length, prefixBits: 7);
        block.AddRange(Encoding.ASCII.GetBytes(value));
    }

    private static void Integer(List<byte> block, int value, int prefixBits)
    {
        var limit = (1 << prefixBits) - 1;
        if (value < limit)
        {
            block.Add((byte)value);
            return;
        }

        block.Add((byte)limit);
        for (value -= limit; value >= 0x80; value >>= 7)
        {
            block.Add((byte)(value | 0x80));
        }

        block.Add((byte)value);
    }
}
