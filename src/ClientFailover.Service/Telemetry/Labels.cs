using System.Text;

namespace ClientFailover.Service.Telemetry;

/// <summary>Responsible for the values of labels: the names that the code has, in lower case with underscores.</summary>
/// <typeparam name="T">The enumeration that has them.</typeparam>
internal static class Labels<T>
    where T : struct, Enum
{
    /// <summary>The values, by their numbers, which begin at zero without gaps.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetNames<T>().Select(ToLabel)];

    private static string ToLabel(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
