using System.IO.Compression;

namespace ClientFailover.Service.Health.Omf;

/// <summary>A message, ready to be sent any number of times.</summary>
internal sealed class OmfMessage
{
    /// <summary>The largest body that endpoints take, in bytes: OMF's 192 KiB, which we keep to before compression, too.</summary>
    public const int LargestBody = 192 * 1024;

    /// <summary>Takes a body.</summary>
    /// <param name="kind">What it is about.</param>
    /// <param name="body">JSON, UTF-8.</param>
    /// <exception cref="ArgumentException">It is larger than <see cref="LargestBody"/>.</exception>
    public OmfMessage(OmfKind kind, byte[] body)
    {
        if (body.Length > LargestBody)
        {
            throw new ArgumentException($"The body has {body.Length} bytes; OMF allows {LargestBody}.", nameof(body));
        }

        (Kind, Body) = (kind, body);
        var compressed = Compress(body);
        (Content, IsCompressed) = compressed.Length < body.Length ? (compressed, true) : (body, false);
    }

    /// <summary>What it is about.</summary>
    public OmfKind Kind { get; }

    /// <summary>Its body as it was written: JSON, UTF-8.</summary>
    public byte[] Body { get; }

    /// <summary>Its body as it is sent.</summary>
    public byte[] Content { get; }

    /// <summary>Whether <see cref="Content"/> is gzip: not if that came out larger.</summary>
    public bool IsCompressed { get; }

    /// <summary>Value of the header <c>messagetype</c>: to OMF, instances and links are data.</summary>
    public string MessageType => Kind switch
    {
        OmfKind.Type => "type",
        OmfKind.Container => "container",
        _ => "data",
    };

    /// <summary>Value of the header <c>action</c>. What is sent again at each start is an update, but for types, which never change.</summary>
    public string Action => Kind is OmfKind.Type or OmfKind.Data ? "create" : "update";

    private static byte[] Compress(byte[] body)
    {
        using var result = new MemoryStream();
        using (var gzip = new GZipStream(result, CompressionLevel.Fastest))
        {
            gzip.Write(body);
        }

        return result.ToArray();
    }
}
