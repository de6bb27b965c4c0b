using System.Net.Security;
using Microsoft.AspNetCore.Connections.Features;

namespace ClientFailover.Service.Identity.Negotiate;

/// <summary>What is known of a connection on which somebody logs on, or has. HTTP/1.1 only: its requests follow each other.</summary>
internal sealed class NegotiateConnection
{
    private static readonly object Key = new();

    /// <summary>The logon that is not finished; null: none.</summary>
    public NegotiateAuthentication? Pending { get; set; }

    /// <summary>Who has logged on; null: nobody.</summary>
    public VerifiedCredential? Credential { get; set; }

    /// <summary>What is known of a request's connection.</summary>
    /// <param name="http">The request.</param>
    /// <returns>It; null: nobody has begun to log on.</returns>
    public static NegotiateConnection? Find(HttpContext http) => ItemsOf(http) is { } items && items.TryGetValue(Key, out var found)
        ? (NegotiateConnection?)found
        : null;

    /// <summary>What is to be known of a request's connection, where somebody begins to log on.</summary>
    /// <param name="http">The request.</param>
    /// <returns>It; null: nothing can be, it is no connection of HTTP/1.1.</returns>
    public static NegotiateConnection? FindOrAdd(HttpContext http)
    {
        if (Find(http) is { } known)
        {
            return known;
        }

        if (ItemsOf(http) is not { } items)
        {
            return null;
        }

        var created = new NegotiateConnection();
        items[Key] = created;
        return created;
    }

    private static IDictionary<object, object?>? ItemsOf(HttpContext http) =>
        HttpProtocol.IsHttp11(http.Request.Protocol) ? http.Features.Get<IConnectionItemsFeature>()?.Items : null;
}
