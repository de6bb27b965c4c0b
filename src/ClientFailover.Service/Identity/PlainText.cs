using System.Globalization;

namespace ClientFailover.Service.Identity;

/// <summary>
/// Responsible for names that others gave being fit for logs and lists: nothing in one may start a line, move a cursor or
/// turn the direction of writing.
/// </summary>
internal static class PlainText
{
    private const int Longest = 256;

    /// <summary>Makes a name fit.</summary>
    /// <param name="text">The name.</param>
    /// <returns>It, cut to 256 characters, with a question mark for each that is none to be read.</returns>
    public static string Of(string text)
    {
        var cut = text.Length > Longest ? text[..Longest] : text;
        return cut.All(IsPlain) ? cut : string.Concat(cut.Select(c => IsPlain(c) ? c : '?'));
    }

    private static bool IsPlain(char c) => char.GetUnicodeCategory(c) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
