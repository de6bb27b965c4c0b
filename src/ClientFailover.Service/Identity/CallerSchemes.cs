namespace ClientFailover.Service.Identity;

/// <summary>Responsible for the schemes that are enabled: which of them is meant by a request, and what callers are told of all.</summary>
/// <param name="schemes">Those by the header, in the order in which callers are told of them.</param>
/// <param name="connections">Those by the connection, in the order in which they are asked.</param>
internal sealed class CallerSchemes(IReadOnlyList<ICallerScheme> schemes, IReadOnlyList<IConnectionScheme> connections)
{
    private readonly ICallerScheme[] _schemes = [.. schemes];
    private readonly IConnectionScheme[] _connections = [.. connections];

    /// <summary>Those by the header, in the order in which callers are told of them.</summary>
    public IReadOnlyList<ICallerScheme> All => _schemes;

    /// <summary>Judges a request that has no header, by its connection.</summary>
    /// <param name="http">The request.</param>
    /// <returns>What became of it; null: the connection says nothing.</returns>
    public LogonOutcome? LogOn(HttpContext http)
    {
        foreach (var scheme in _connections)
        {
            if (scheme.LogOn(http) is { } outcome)
            {
                return outcome;
            }
        }

        return null;
    }

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

        foreach (var scheme in _connections)
        {
            scheme.Refresh();
        }
    }
}
