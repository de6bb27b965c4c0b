using System.Buffers.Text;

namespace ClientFailover.Benchmarks.Http1;

/// <summary>Finds out whether a whole HTTP/1.1 response has arrived, at the least cost.</summary>
internal static class ResponseReader
{
    private const int StatusOffset = 9;

    /// <summary>Reads one response.</summary>
    /// <param name="bytes">What has arrived.</param>
    /// <param name="status">Its status.</param>
    /// <param name="body">Its body: as it was sent, with the marks of chunks if it has any.</param>
    /// <returns>False: more is to come.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out int status, out ReadOnlySpan<byte> body)
    {
        status = 0;
        body = default;
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        var head = bytes[..end];
        var rest = bytes[(end + 4)..];
        _ = Utf8Parser.TryParse(head.Slice(StatusOffset, 3), out status, out _);
        if (Field(head, "\r\nContent-Length: "u8) is { IsEmpty: false } length)
        {
            _ = Utf8Parser.TryParse(length, out int count, out _);
            body = rest[..Math.Min(count, rest.Length)];
            return rest.Length >= count;
        }

        if (Field(head, "\r\nTransfer-Encoding: "u8).IsEmpty)
        {
            return true;
        }

        body = rest;
        return rest.EndsWith("0\r\n\r\n"u8);
    }

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        var at = head.IndexOf(name);
        return at < 0 ? default : head[(at + name.Length)..];
    }
}
