using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace ClientFailover.HealthReceiver.Rules;

/// <summary>A message whose form is right.</summary>
internal sealed record OmfMessage(string Type, string Action, JsonElement Body);

/// <summary>Responsible for the form of a message: headers, size, compression, JSON.</summary>
internal static class MessageForm
{
    /// <summary>192 KiB, of the body as it is sent and of what it inflates to.</summary>
    private const int LargestBody = 192 * 1024;

    public static OmfMessage Read(OmfPost post, bool isPi)
    {
        var type = One(post, "messagetype", "type", "container", "data");
        var action = One(post, "action", "create", "update", "delete");
        One(post, "messageformat", "json");
        One(post, "omfversion", "1.2");
        var media = post.Header("Content-Type").Split(';')[0].Trim();
        if (media != "application/json")
        {
            throw RefusedException.Malformed($"Content-Type is '{media}'.");
        }

        if (isPi && post.Header("X-Requested-With").Length == 0)
        {
            throw RefusedException.Malformed("X-Requested-With is missing: PI Web API takes the request for one of a foreign page.");
        }

        if (post.Header("Content-Encoding").Length > 0)
        {
            throw RefusedException.Malformed("OMF tells of compression by its own header, not by Content-Encoding.");
        }

        var body = Parse(Inflate(post));
        return new OmfMessage(type, action, body);
    }

    private static string One(OmfPost post, string name, params string[] allowed) => post.Header(name) is var value && allowed.Contains(value)
        ? value
        : throw RefusedException.Malformed($"Header {name} is '{value}', not one of {string.Join(", ", allowed)}.");

    private static byte[] Inflate(OmfPost post)
    {
        RefuseLarge(post.Content.Length);
        switch (post.Header("compression"))
        {
            case "":
                return post.Content;
            case "gzip":
                try
                {
                    using var gzip = new GZipStream(new MemoryStream(post.Content), CompressionMode.Decompress);
                    var inflated = new byte[LargestBody + 1];
                    var length = gzip.ReadAtLeast(inflated, inflated.Length, throwOnEndOfStream: false);
                    RefuseLarge(length);
                    return inflated[..length];
                }
                catch (InvalidDataException e)
                {
                    throw RefusedException.Malformed($"The body does not inflate: {e.Message}");
                }

            case var other:
                throw RefusedException.Malformed($"Header compression is '{other}'.");
        }
    }

    private static void RefuseLarge(int length)
    {
        if (length > LargestBody)
        {
            throw new RefusedException(413, $"The body has more than {LargestBody} bytes.");
        }
    }

    private static JsonElement Parse(byte[] body)
    {
        try
        {
            // Twice the same member would leave open which one counts.
            var root = JsonDocument.Parse(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body), new JsonDocumentOptions { AllowDuplicateProperties = false }).RootElement;
            return root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0 && root.EnumerateArray().All(i => i.ValueKind == JsonValueKind.Object)
                ? root
                : throw RefusedException.Malformed("The body is no array of objects, or an empty one.");
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException)
        {
            throw RefusedException.Malformed($"The body is no JSON: {e.Message}");
        }
    }
}
