using Microsoft.AspNetCore.Connections.Features;

namespace ClientFailover.Service.Identity;

/// <summary>
/// Responsible for remembering the credential of an HTTP/1.1 connection: adapters send the same header with each
/// heartbeat, the web server then gives the very same string, and that is told without a keyed hash. Not for HTTP/2,
/// where requests of one connection run side by side.
/// </summary>
internal sealed class ConnectionCredential
{
    private static readonly object Key = new();

    private string? _header;
    private VerifiedCredential? _credential;

    /// <summary>What is remembered of a request's connection.</summary>
    /// <param name="http">The request.</param>
    /// <returns>It; null: nothing can be.</returns>
    public static ConnectionCredential? Of(HttpContext http)
    {
        if (!HttpProtocol.IsHttp11(http.Request.Protocol) || http.Features.Get<IConnectionItemsFeature>()?.Items is not { } items)
        {
            return null;
        }

        if (items.TryGetValue(Key, out var found))
        {
            return (ConnectionCredential?)found;
        }

        var created = new ConnectionCredential();
        items[Key] = created;
        return created;
    }

    /// <summary>The credential of a header, if it is the one that was seen last: the same string, not an equal one.</summary>
    /// <param name="header">The header's value.</param>
    /// <returns>The credential; null: not known.</returns>
    public VerifiedCredential? Find(string header) => ReferenceEquals(_header, header) ? _credential : null;

    /// <summary>Remembers a credential.</summary>
    /// <param name="header">The header's value.</param>
    /// <param name="credential">What it was verified as; null: nothing is remembered.</param>
    public void Remember(string header, VerifiedCredential? credential) => (_header, _credential) = (header, credential);
}
