using System.Globalization;

namespace ClientFailover.Service.Identity;

/// <summary>
/// What the name of an account may be. Names that callers claim come into the log: nothing in one may start a line,
/// move a cursor or turn the direction of writing.
/// </summary>
internal static class AccountName
{
    /// <summary>The rule, for people.</summary>
    public const string Allowed = "a Name has 1 to 256 characters, no colon and no control characters";

    private const int Longest = 256;

    /// <summary>Checks a name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>Whether an account can have it.</returns>
    public static bool IsValid(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || name.Length > Longest)
        {
            return false;
        }

        foreach (var c in name)
        {
            var isRefused = c == ':'
                || char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
                    or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
            if (isRefused)
            {
                return false;
            }
        }

        return true;
    }
}
