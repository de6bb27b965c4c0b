using Microsoft.Extensions.Configuration;

namespace ClientFailover.Client;

/// <summary>Responsible for reading the configuration member by member, so that one that cannot be read hides no other.</summary>
internal static class FailoverOptionsReader
{
    /// <summary>Reads.</summary>
    /// <param name="section">From where.</param>
    /// <param name="options">Into what.</param>
    /// <returns>What could not be read.</returns>
    public static IReadOnlyList<string> Read(IConfiguration section, FailoverOptions options)
    {
        var mistakes = new List<string>();
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
}
