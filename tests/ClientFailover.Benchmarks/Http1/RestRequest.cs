using System.Net;
using System.Text;

namespace ClientFailover.Benchmarks.Http1;

/// <summary>Encodes REST calls as field adapters send them.</summary>
internal static class RestRequest
{
    /// <summary>Encodes a call.</summary>
    /// <param name="endpoint">The server.</param>
    /// <param name="method">The verb.</param>
    /// <param name="path">Path and query.</param>
    /// <param name="authorization">The value of the header of that name; null: none is sent.</param>
    /// <param name="json">The body; null: none.</param>
    /// <returns>The call, ready to send.</returns>
    public static byte[] Encode(IPEndPoint endpoint, string method, string path, string? authorization, string? json = null)
    {
        var text = new StringBuilder();
        text.Append(method).Append(' ').Append(path).Append(" HTTP/1.1\r\nHost: ").Append(endpoint).Append("\r\n");
        if (authorization is not null)
        {
            text.Append("Authorization: ").Append(authorization).Append("\r\n");
        }

        if (json is not null)
        {
            text.Append("Content-Type: application/json; charset=utf-8\r\nContent-Length: ").Append(json.Length).Append("\r\n");
        }

        return Encoding.ASCII.GetBytes(text.Append("\r\n").Append(json).ToString());
    }
}
