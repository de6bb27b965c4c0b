using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace ClientFailover.HealthReceiver;

/// <summary>A request as it came.</summary>
/// <param name="Headers">Its headers, found without regard to case.</param>
/// <param name="Content">Its body, as it was sent.</param>
public sealed record OmfPost(IReadOnlyDictionary<string, string> Headers, byte[] Content)
{
    public string MessageType => Header("messagetype");

    public string Action => Header("action");

    /// <summary>What it is about: type, container, static, link or data. To OMF the last three are one.</summary>
    public string Kind => MessageType != "data" ? MessageType
        : Json().EnumerateArray().First() is var first && first.TryGetProperty("containerid", out _) ? "data"
        : first.GetProperty("typeid").GetString() == "__Link" ? "link" : "static";

    /// <returns>A header; empty: it is not there.</returns>
    public string Header(string name) => Headers.GetValueOrDefault(name, "");

    /// <summary>Its body, inflated if need be.</summary>
    public string Text()
    {
        if (Header("compression") != "gzip")
        {
            return Encoding.UTF8.GetString(Content);
        }

        using var gzip = new GZipStream(new MemoryStream(Content), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    public JsonElement Json() => JsonDocument.Parse(Text()).RootElement;
}

/// <summary>An answer.</summary>
public sealed record OmfReply(int Status, string Body = "", IReadOnlyDictionary<string, string>? Headers = null);
