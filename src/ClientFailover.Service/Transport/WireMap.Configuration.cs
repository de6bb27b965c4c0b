using System.Collections.Immutable;
using ClientFailover.Service.Configuration;

namespace ClientFailover.Service.Transport;

/// <content>The configuration.</content>
internal static partial class WireMap
{
    /// <summary>A level of the log. The contract has no name for a log that is off: that is the last one that it has.</summary>
    public static V1.LogLevel ToWire(this LogLevel level) => (V1.LogLevel)Math.Min((int)level + 1, (int)V1.LogLevel.Fatal);

    /// <summary>A level of the log.</summary>
    public static LogLevel ToDomain(this V1.LogLevel level) => (LogLevel)((int)level - 1);

    /// <summary>A health endpoint, its secrets masked.</summary>
    public static V1.HealthEndpoint ToWire(this HealthEndpoint endpoint, bool isUnreadable)
    {
        var wire = new V1.HealthEndpoint { Id = endpoint.Id, Endpoint = endpoint.Endpoint, SecretUnreadable = isUnreadable };
        if (endpoint.Username is not null)
        {
            (wire.Username, wire.Password) = (endpoint.Username, ProtectedSecret.Mask);
        }

        if (endpoint.ClientId is not null)
        {
            (wire.ClientId, wire.ClientSecret) = (endpoint.ClientId, ProtectedSecret.Mask);
        }

        if (endpoint.TokenEndpoint is not null)
        {
            wire.TokenEndpoint = endpoint.TokenEndpoint;
        }

        if (endpoint.ValidateEndpointCertificate is { } validate)
        {
            wire.ValidateEndpointCertificate = validate;
        }

        return wire;
    }

    /// <summary>Health endpoints that are valid.</summary>
    /// <param name="wire">The endpoints.</param>
    /// <param name="current">What masked secrets stand for.</param>
    /// <param name="protection">Encrypts the others.</param>
    /// <returns>The endpoints; those without an id have got one.</returns>
    public static ImmutableArray<HealthEndpoint> ToDomain(
        this IEnumerable<V1.HealthEndpoint> wire, ServiceConfiguration current, SecretProtection protection) =>
        [.. wire.Select(e => e.ToDomain(e.HasId ? current.Find(e.Id) : null, protection))];

    /// <summary>A health endpoint that is valid.</summary>
    /// <param name="wire">The endpoint.</param>
    /// <param name="stored">What masked secrets stand for; null: there are none.</param>
    /// <param name="protection">Encrypts the others.</param>
    /// <returns>The endpoint, with the id of the stored one if there is one.</returns>
    public static HealthEndpoint ToDomain(this V1.HealthEndpoint wire, HealthEndpoint? stored, SecretProtection protection) => new(
        stored?.Id ?? (wire.HasId ? wire.Id : Guid.NewGuid().ToString()),
        wire.Endpoint,
        OrNull(wire.Username),
        Secret(wire.Password, stored?.Password, protection),
        OrNull(wire.ClientId),
        Secret(wire.ClientSecret, stored?.ClientSecret, protection),
        OrNull(wire.TokenEndpoint),
        wire.HasValidateEndpointCertificate ? wire.ValidateEndpointCertificate : null);

    private static ProtectedSecret? Secret(string text, ProtectedSecret? stored, SecretProtection protection) => text switch
    {
        "" => null,
        ProtectedSecret.Mask => stored,
        _ => protection.Protect(text),
    };

    private static string? OrNull(string text) => text.Length == 0 ? null : text;
}
