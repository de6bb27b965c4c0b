using Microsoft.Extensions.Configuration;

namespace ClientFailover.Client;

/// <summary>Responsible for reading the configuration member by member, so that one that cannot be read hides no other.</summary>
internal static class FailoverOptionsReader
{
    private static readonly string[] Names = NamesOf(typeof(FailoverOptions));
    private static readonly string[] BufferNames = NamesOf(typeof(BufferOptions));

    /// <summary>Reads.</summary>
    /// <param name="section">From where.</param>
    /// <param name="options">Into what.</param>
    /// <returns>What could not be read, or is not known.</returns>
    public static IReadOnlyList<string> Read(IConfiguration section, FailoverOptions options)
    {
        // What is misspelled would have no effect, and nobody would know.
        var mistakes = Unknown(section, Names, "").Concat(Unknown(section.GetSection(nameof(FailoverOptions.Buffer)), BufferNames, "Buffer.")).ToList();
        foreach (var member in section.GetChildren())
        {
            var values = member.AsEnumerable(makePathsRelative: false)
                .Select(v => KeyValuePair.Create(v.Key[(member.Path.Length - member.Key.Length)..], v.Value));
            try
            {
                new ConfigurationBuilder().AddInMemoryCollection(values).Build().Bind(options);
            }
            catch (Exception e) when (e is InvalidOperationException or FormatException)
            {
                // The binder's own words would tell the value.
                mistakes.Add($"{member.Key} cannot be read: its value is not of the kind that is expected there. Correct it; times are written as 00:01:00.");
            }
        }

        return mistakes;
    }

    private static IEnumerable<string> Unknown(IConfiguration section, string[] names, string prefix) =>
        section.GetChildren()
            .Where(m => !names.Contains(m.Key, StringComparer.OrdinalIgnoreCase))
            .Select(m => $"{prefix}{m.Key} is no setting, so it would have no effect. Correct its name or remove it; there are {string.Join(", ", names)}.");

    private static string[] NamesOf(Type options) => [.. options.GetProperties().Select(p => p.Name)];
}
