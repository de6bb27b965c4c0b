using System.Globalization;

namespace ClientFailover.Benchmarks;

/// <summary>What the command line asks for.</summary>
/// <param name="Names">The benchmarks to run.</param>
/// <param name="Service">The service's executable; null: the one that was built with this program.</param>
/// <param name="Json">A file for the figures; null: none.</param>
/// <param name="Window">How long each part of the flood lasts; null: as long as for the figures.</param>
internal sealed record BenchmarkOptions(IReadOnlySet<string> Names, string? Service, string? Json, TimeSpan? Window)
{
    private const string All = "all";

    /// <summary>Reads the command line.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="known">The names of all benchmarks.</param>
    /// <returns>What it asks for; null: it is not understood.</returns>
    public static BenchmarkOptions? Parse(string[] arguments, IReadOnlyList<string> known)
    {
        var names = new HashSet<string>();
        string? service = null;
        string? json = null;
        TimeSpan? window = null;
        for (var i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--service" when i + 1 < arguments.Length:
                    service = arguments[++i];
                    break;
                case "--json" when i + 1 < arguments.Length:
                    json = arguments[++i];
                    break;
                case "--seconds" when i + 1 < arguments.Length && int.TryParse(arguments[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0:
                    window = TimeSpan.FromSeconds(seconds);
                    i++;
                    break;
                case All:
                    names.UnionWith(known);
                    break;
                case var name when known.Contains(name):
                    names.Add(name);
                    break;
                default:
                    return null;
            }
        }

        return new BenchmarkOptions(names.Count > 0 ? names : known.ToHashSet(), service, json, window);
    }
}
