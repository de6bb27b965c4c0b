using System.Buffers;

namespace ClientFailover.Service.Transport.Validation;

/// <summary>What an id may be. Ids stand in URLs, so what a client, a proxy or a router would change is refused.</summary>
internal static class IdRules
{
    /// <summary>The longest id, in UTF-16 units.</summary>
    public const int MaximumLength = 256;

    /// <summary>The rule, for people.</summary>
    public const string Allowed =
        "must have 1 to 256 characters, none of / \\ ? # %, no control characters, no blank at either end, and not be \".\" or \"..\"";

    private static readonly SearchValues<char> Refused = SearchValues.Create(
        [.. "/\\?#%", .. Enumerable.Range(0, 0xA0).Select(c => (char)c).Where(char.IsControl)]);

    /// <summary>Checks an id.</summary>
    /// <param name="id">The id.</param>
    /// <returns>True when it is allowed.</returns>
    public static bool IsValid(string id) =>
        id.Length is > 0 and <= MaximumLength
        && !char.IsWhiteSpace(id[0])
        && !char.IsWhiteSpace(id[^1])
        && id is not ("." or "..")
        && !id.AsSpan().ContainsAny(Refused)
        && TextRules.IsWellFormed(id);

    /// <summary>Checks a required id.</summary>
    /// <param name="violations">Takes what is wrong.</param>
    /// <param name="id">The id.</param>
    /// <param name="member">Its documented REST name.</param>
    /// <param name="field">Its path in the gRPC request.</param>
    public static void Check(ref Violations violations, string id, string member, string field)
    {
        if (!IsValid(id))
        {
            violations.Add(member, field, Allowed);
        }
    }
}
