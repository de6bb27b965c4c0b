using System.Text;
using NUnit.Framework;

namespace ClientFailover.Conformance.Logging;

/// <summary>
/// Responsible for secrets that are found again wherever they come out: all have one stem, of letters and digits alone, which
/// JSON and URLs write as it is; and it is looked for as text in any case, in UTF-16, and inside of base64.
/// </summary>
internal sealed class PlantedSecrets
{
    private const string Stem = "Zq7kPlanted9xW";

    private readonly List<(string Where, byte[] Content)> _places = [];
    private readonly string[] _forms;
    private int _count;

    /// <summary>Nothing is planted yet.</summary>
    /// <param name="more">Secrets that the service made itself.</param>
    public PlantedSecrets(params IEnumerable<string> more) => _forms = [.. more.Append(Stem).SelectMany(FormsOf).Distinct()];

    /// <summary>Makes a secret.</summary>
    /// <returns>A text that contains the stem.</returns>
    public string Next() => $"{Stem}-{++_count}";

    /// <summary>Remembers what is to be searched.</summary>
    /// <param name="where">What it is, for people.</param>
    /// <param name="content">The text.</param>
    public void Add(string where, string content) => _places.Add((where, Encoding.UTF8.GetBytes(content)));

    /// <summary>Remembers the files of a directory.</summary>
    /// <param name="directory">The directory, with all below it.</param>
    /// <param name="except">Names of files where secrets belong.</param>
    public void AddFiles(string directory, params string[] except)
    {
        foreach (var path in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories))
        {
            if (!except.Contains(Path.GetFileName(path)) && !path.EndsWith(".lock", StringComparison.Ordinal))
            {
                using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                using var content = new MemoryStream();
                file.CopyTo(content);
                _places.Add((path, content.ToArray()));
            }
        }
    }

    /// <summary>Whether a secret is in a text, in any form.</summary>
    public bool IsIn(string text) => Find(Encoding.UTF8.GetBytes(text)) is not null;

    /// <summary>Asserts that no secret came out.</summary>
    /// <param name="atLeast">How many places there must be: a search of nothing finds nothing.</param>
    public void AssertNowhere(int atLeast)
    {
        Assert.That(_places, Has.Count.GreaterThanOrEqualTo(atLeast));
        Assert.That(_places.Select(p => (p.Where, Found: Find(p.Content))).Where(p => p.Found is not null), Is.Empty);
    }

    private string? Find(byte[] content)
    {
        // Two readings of UTF-16: it may begin at an odd byte.
        string[] readings = [Encoding.UTF8.GetString(content), Encoding.Unicode.GetString(content), Encoding.Unicode.GetString(content.AsSpan(Math.Min(1, content.Length)))];
        foreach (var reading in readings)
        {
            foreach (var form in _forms)
            {
                if (reading.IndexOf(form, StringComparison.OrdinalIgnoreCase) is >= 0 and var at)
                {
                    return reading[Math.Max(0, at - 200)..Math.Min(reading.Length, at + 100)];
                }
            }
        }

        return null;
    }

    private static IEnumerable<string> FormsOf(string secret)
    {
        yield return secret;
        yield return Uri.EscapeDataString(secret);
        yield return Convert.ToHexString(Encoding.UTF8.GetBytes(secret));
        for (var before = 0; before < 3; before++)
        {
            // What comes before and after it changes the ends: those are left out.
            var whole = Convert.ToBase64String(Encoding.UTF8.GetBytes(new string('\0', before) + secret)).TrimEnd('=');
            var form = whole[(before == 0 ? 0 : before + 1)..^1];
            yield return form;
            yield return form.Replace('+', '-').Replace('/', '_');
        }
    }
}
