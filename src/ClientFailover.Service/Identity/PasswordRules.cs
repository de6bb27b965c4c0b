using System.Globalization;
using System.Text;

namespace ClientFailover.Service.Identity;

/// <summary>
/// What a password may be: OWASP ASVS level 2, V2.1. Length is what counts; nothing is asked about kinds of characters,
/// and nothing is cut off.
/// </summary>
internal static class PasswordRules
{
    /// <summary>The fewest characters.</summary>
    public const int Shortest = 12;

    /// <summary>The most characters: longer ones would only keep the hash busy.</summary>
    public const int Longest = 128;

    /// <summary>Checks a password.</summary>
    /// <param name="name">Name of the account it is for.</param>
    /// <param name="password">The password.</param>
    /// <returns>What is wrong with it, in plain words and without telling it; null: nothing.</returns>
    public static string? Problem(string name, string password)
    {
        var length = 0;
        foreach (var rune in password.EnumerateRunes())
        {
            // Half of a character, which no file and no header can carry, comes as the replacement character.
            var isPrintable = rune != Rune.ReplacementChar
                && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
            if (!isPrintable)
            {
                return "The password has a character that cannot be printed.";
            }

            length++;
        }

        if (length is < Shortest or > Longest)
        {
            return $"The password has {length} characters; it must have {Shortest} to {Longest}.";
        }

        return password.Equals(name, StringComparison.OrdinalIgnoreCase) ? "The password is the name of the account." : null;
    }
}
