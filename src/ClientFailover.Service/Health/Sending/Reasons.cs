using System.Net;
using System.Text.Json;

namespace ClientFailover.Service.Health.Sending;

/// <summary>Responsible for what others say being fit for the log: on one line, short, and without what they were told in confidence.</summary>
internal static class Reasons
{
    private const int Longest = 500;
    private const string Mask = "*****";

    /// <summary>Makes a text fit.</summary>
    /// <param name="text">What somebody said.</param>
    /// <param name="secrets">What must not be in it, in whichever form it may come back.</param>
    /// <returns>The text.</returns>
    public static string Clean(string text, IEnumerable<string> secrets)
    {
        foreach (var secret in secrets.Where(s => s.Length > 0))
        {
            foreach (var form in new[] { secret, Uri.EscapeDataString(secret), WebUtility.UrlEncode(secret), JsonEncodedText.Encode(secret).ToString() })
            {
                text = text.Replace(form, Mask, StringComparison.Ordinal);
            }
        }

        var line = string.Create(Math.Min(text.Length, Longest), text, static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
            {
                target[i] = char.IsControl(source[i]) || char.IsSurrogate(source[i]) ? ' ' : source[i];
            }
        });
        return text.Length > Longest ? line + "..." : line;
    }

    /// <summary>An address as it may be logged: what follows the path may be a secret.</summary>
    /// <param name="address">The address.</param>
    /// <returns>Scheme, host, port and path.</returns>
    public static string Show(Uri address) => address.GetLeftPart(UriPartial.Path);
}
