using System.IO.Compression;
using System.Text.Json;

namespace ClientFailover.Samples.OmfReceiver.Omf;

/// <summary>Responsible for the form of a message: its headers, its size, its compression, and that it is a JSON array.</summary>
internal static class OmfRequest
{
    /// <summary>Largest body in bytes, compressed or not: OMF's 192 KiB, taken strictly.</summary>
    public const int LargestBody = 192 * 1024;

    /// <exception cref="RefusedException">The form is wrong.</exception>
    public static async Task<OmfMessage> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        Require(request, "messageformat", "json");
        Require(request, "omfversion", "1.2");
        var kind = Header(request, "messagetype") switch
        {
            "type" => MessageKind.Type,
            "container" => MessageKind.Container,
            "data" => MessageKind.Data,
            var other => throw RefusedException.Malformed($"messagetype is type, container or data, not '{other}'."),
        };

        // A container may be announced again with other words; types and values never change.
        switch (Header(request, "action"), kind)
        {
            case ("create", _) or ("update", MessageKind.Container):
                break;
            case ("update" or "delete", _):
                throw RefusedException.NotSupported($"This receiver only creates a {kind}.");
            default:
                throw RefusedException.Malformed("action is create, update or delete.");
        }

        return new OmfMessage(kind, Parse(await ReadBodyAsync(request, cancellation)));
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpRequest request, CancellationToken cancellation)
    {
        var compressed = Header(request, "compression") switch
        {
            "" or "none" => false,
            "gzip" => true,
            var other => throw RefusedException.Malformed($"compression is gzip or none, not '{other}'."),
        };
        await using var body = compressed ? new GZipStream(request.Body, CompressionMode.Decompress) : request.Body;
        var buffer = new byte[LargestBody + 1];
        try
        {
            var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
            return length <= LargestBody
                ? buffer.AsMemory(0, length)
                : throw new RefusedException(StatusCodes.Status413PayloadTooLarge, $"The body is larger than {LargestBody} bytes.");
        }
        catch (InvalidDataException exception)
        {
            throw RefusedException.Malformed($"The body is no gzip: {exception.Message}");
        }
    }

    private static JsonElement Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            var root = JsonDocument.Parse(body).RootElement;
            return root.ValueKind == JsonValueKind.Array ? root : throw RefusedException.Malformed("The body is no JSON array.");
        }
        catch (JsonException exception)
        {
            throw RefusedException.Malformed($"The body is no JSON: {exception.Message}");
        }
    }

    private static void Require(HttpRequest request, string name, string value)
    {
        if (Header(request, name) is var given && given != value)
        {
            throw RefusedException.Malformed($"The header {name} is '{value}', not '{given}'.");
        }
    }

    private static string Header(HttpRequest request, string name) => request.Headers[name].ToString().ToLowerInvariant();
}
