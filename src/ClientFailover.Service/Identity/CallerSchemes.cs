namespace ClientFailover.Service.Identity;

/// <summary>Responsible for the schemes that are enabled: which of them is meant by a request, and what callers are told of all.</summary>
/// <param name="schemes">Those by the header, in the order in which callers are told of them.</param>
/// <param name="connection">The one by the connection; null: it is not enabled.</param>
internal sealed class CallerSchemes(IReadOnlyList<ICallerScheme> schemes, IConnectionScheme? connection)
{
    private readonly ICallerScheme[] _schemes = [.. schemes];

    /// <summary>Those by the header, in the order in which callers are told of them.</summary>
    public IReadOnlyList<ICallerScheme> All => _schemes;

    /// <summary>The one by the connection; null: it is not enabled.</summary>
    public IConnectionScheme? Connection { get; } = connection;

    /// <summary>Finds the scheme of a header.</summary>
    /// <param name="header">The header's value.</param>
    /// <returns>The scheme; null: it is none that is enabled.</returns>
    public ICallerScheme? Find(string? header)
    {
        if (header is null)
        {
            return null;
        }

        foreach (var scheme in _schemes)
        {
            var name = scheme.Name;
            if (header.Length > name.Length && header[name.Length] == ' ' && header.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                return scheme;
            }
        }

        return null;
    }

    /// <summary>Looks whether what credentials are judged by has changed on disk.</summary>
    public void Refresh()
    {
        foreach (var scheme in _schemes)
        {
            scheme.Refresh();
        }

        Connection?.Refresh();
    }
}
