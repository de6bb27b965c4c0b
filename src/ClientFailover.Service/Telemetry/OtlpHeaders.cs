using System.Net.Http.Headers;

namespace ClientFailover.Service.Telemetry;

/// <summary>
/// Responsible for reading the headers that a collector wants to know the service by: a file of lines <c>Name: value</c>. They are
/// secrets: they are no setting, and what is told of a mistake has no part of them.
/// </summary>
internal static class OtlpHeaders
{
    /// <summary>Reads the file.</summary>
    /// <param name="path">Its path; empty: there is none.</param>
    /// <returns>Names and values.</returns>
    /// <exception cref="FormatException">A line is no header.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(string path)
    {
        var headers = new List<KeyValuePair<string, string>>();
        if (path.Length == 0)
        {
            return headers;
        }

        // The framework's own rules of names and values, without sending anything.
        using var request = new HttpRequestMessage();
        var lines = File.ReadAllLines(path);
        for (var i = 0; i < lines.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(lines[i]))
            {
                continue;
            }

            var colon = lines[i].IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || !TryAdd(request.Headers, lines[i][..colon].Trim(), lines[i][(colon + 1)..].Trim()))
            {
                throw new FormatException($"line {i + 1} is no header, which is written Name: value.");
            }

            headers.Add(new(lines[i][..colon].Trim(), lines[i][(colon + 1)..].Trim()));
        }

        return headers;
    }

    private static bool TryAdd(HttpRequestHeaders headers, string name, string value) =>
        value.Length > 0 && value.All(c => c is >= ' ' and <= '~') && headers.TryAddWithoutValidation(name, value);
}
