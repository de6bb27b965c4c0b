using System.Buffers;

namespace ClientFailover.Service.Transport.Validation;

/// <summary>What a text for people may be.</summary>
internal static class TextRules
{
    /// <summary>The longest name.</summary>
    public const int MaximumName = 256;

    /// <summary>The longest description.</summary>
    public const int MaximumDescription = 4096;

    private static readonly SearchValues<char> Surrogates =
        SearchValues.Create([.. Enumerable.Range(0xD800, 0x800).Select(c => (char)c)]);

    /// <summary>Checks a text.</summary>
    /// <param name="violations">Takes what is wrong.</param>
    /// <param name="text">The text; empty when absent.</param>
    /// <param name="maximum">Its greatest length in UTF-16 units.</param>
    /// <param name="member">Its documented REST name.</param>
    /// <param name="field">Its path in the gRPC request.</param>
    public static void Check(ref Violations violations, string text, int maximum, string member, string field)
    {
        if (text.Length > maximum || text.Contains('\0') || !IsWellFormed(text))
        {
            violations.Add(member, field, $"must be well-formed text of at most {maximum} characters, without NUL");
        }
    }

    /// <summary>Whether a text has no half of a surrogate pair: that could be neither stored nor sent back.</summary>
    /// <param name="text">The text.</param>
    /// <returns>True when it is well-formed.</returns>
    public static bool IsWellFormed(string text)
    {
        var rest = text.AsSpan();
        for (var at = rest.IndexOfAny(Surrogates); at >= 0; at = rest.IndexOfAny(Surrogates))
        {
            if (at + 1 >= rest.Length || !char.IsSurrogatePair(rest[at], rest[at + 1]))
            {
                return false;
            }

            rest = rest[(at + 2)..];
        }

        return true;
    }
}
