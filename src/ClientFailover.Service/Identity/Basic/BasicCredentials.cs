using System.Text;

namespace ClientFailover.Service.Identity.Basic;

/// <summary>Name and password of a Basic <c>Authorization</c> header (RFC 7617, UTF-8).</summary>
/// <param name="Name">The name, perhaps with a domain.</param>
/// <param name="Password">The password.</param>
internal readonly record struct BasicCredentials(string Name, string Password)
{
    private const string Scheme = "Basic ";

    // Longer than any honest one, short enough that nobody makes the service decode megabytes.
    private const int LongestHeader = 4096;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a header.</summary>
    /// <param name="header">The header's value.</param>
    /// <param name="credentials">What it says.</param>
    /// <returns>False: it is malformed, or the name is one that no account can have.</returns>
    public static bool TryRead(string header, out BasicCredentials credentials)
    {
        credentials = default;
        if (header.Length > LongestHeader)
        {
            return false;
        }

        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64Chars(header.AsSpan(Scheme.Length).Trim(' '), bytes, out var length))
        {
            return false;
        }

        string text;
        try
        {
            text = Strict.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            return false;
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !AccountName.IsValid(text.AsSpan(0, colon)))
        {
            return false;
        }

        credentials = new BasicCredentials(text[..colon], text[(colon + 1)..]);
        return true;
    }

    /// <summary>Never the password: this may end up in a log.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => Name;
}
