using System.Globalization;

namespace ClientFailover.Service.Logging;

/// <summary>
/// Responsible for text in which nobody can forge lines: what would start one, move a cursor or turn the direction of writing
/// is shown as <c>\n</c>, <c>\u001b</c> and the like. Much of what is logged was written by callers.
/// </summary>
internal static class VisibleText
{
    /// <summary>Whether a character may be written as it is.</summary>
    /// <param name="c">The character.</param>
    /// <returns>False: it cannot be seen, and does something.</returns>
    public static bool IsPlain(char c) => c is >= ' ' and < '\u007f' || (c > '\u009f' && char.GetUnicodeCategory(c) is not (
        UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator));

    /// <summary>Writes text.</summary>
    /// <param name="output">Receives it, in one line.</param>
    /// <param name="text">The text.</param>
    public static void Write(TextWriter output, ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            var plain = 0;
            while (plain < text.Length && IsPlain(text[plain]))
            {
                plain++;
            }

            output.Write(text[..plain]);
            if (plain < text.Length)
            {
                WriteEscaped(output, text[plain]);
                plain++;
            }

            text = text[plain..];
        }
    }

    private static void WriteEscaped(TextWriter output, char c)
    {
        switch (c)
        {
            case '\r':
                output.Write(@"\r");
                break;
            case '\n':
                output.Write(@"\n");
                break;
            case '\t':
                output.Write(@"\t");
                break;
            default:
                output.Write(string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"));
                break;
        }
    }
}
