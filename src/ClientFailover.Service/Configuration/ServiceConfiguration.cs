using System.Collections.Immutable;

namespace ClientFailover.Service.Configuration;

/// <summary>What administrators have set while the service runs. Never changes: another one takes its place.</summary>
/// <param name="Level">The least level that is logged; null: as the settings say.</param>
/// <param name="HealthEndpoints">Whom the service tells about its health, in the order in which they were added.</param>
internal sealed record ServiceConfiguration(LogLevel? Level, ImmutableArray<HealthEndpoint> HealthEndpoints)
{
    /// <summary>Nothing was set.</summary>
    public static ServiceConfiguration Empty { get; } = new(null, []);

    /// <summary>A health endpoint.</summary>
    /// <param name="id">Its id, in any case.</param>
    /// <returns>The endpoint; null: there is none.</returns>
    public HealthEndpoint? Find(string id) => HealthEndpoints.FirstOrDefault(e => e.Is(id));
}
