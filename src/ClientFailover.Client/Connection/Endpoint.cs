using System.Text.RegularExpressions;

namespace ClientFailover.Client.Connection;

/// <summary>An address of the service: what REST and what the stream need of it.</summary>
internal sealed partial class Endpoint
{
    /// <summary>Takes an address apart.</summary>
    /// <param name="address">The configured address of the REST API.</param>
    public Endpoint(Uri address)
    {
        var path = address.AbsolutePath.TrimEnd('/');
        Rest = new UriBuilder(address) { Path = path + "/", Query = "", Fragment = "", UserName = "", Password = "" }.Uri;
        Authority = new Uri(Rest.GetLeftPart(UriPartial.Authority));
        if (Tenancy().Match(path) is { Success: true } match)
        {
            Tenant = Uri.UnescapeDataString(match.Groups["tenant"].Value);
            Namespace = Uri.UnescapeDataString(match.Groups["namespace"].Value);
        }
    }

    /// <summary>Base of the REST API, with a slash at its end.</summary>
    public Uri Rest { get; }

    /// <summary>Where gRPC is had, which knows no base path.</summary>
    public Uri Authority { get; }

    /// <summary>The tenant that the path names; empty: the default one.</summary>
    public string Tenant { get; } = "";

    /// <summary>The namespace that the path names; empty: the default one.</summary>
    public string Namespace { get; } = "";

    /// <inheritdoc/>
    public override string ToString() => Rest.AbsoluteUri;

    [GeneratedRegex("/tenants/(?<tenant>[^/]+)/namespaces/(?<namespace>[^/]+)/clientfailover$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Tenancy();
}
