using ClientFailover.Service.Configuration;

namespace ClientFailover.Service.Transport.Validation;

/// <summary>What a health endpoint may be. No mistake repeats a value: it could be a secret in the wrong place.</summary>
internal static class HealthEndpointRules
{
    /// <summary>The most endpoints.</summary>
    public const int MaximumEndpoints = 100;

    private const int MaximumName = 256;
    private const int MaximumSecret = 1024;
    private const int MaximumUrl = 2048;

    /// <summary>Checks a list.</summary>
    /// <param name="violations">Takes what is wrong.</param>
    /// <param name="endpoints">The list.</param>
    /// <param name="list">Where it is.</param>
    /// <param name="current">What is in force.</param>
    /// <param name="replaces">Whether it replaces what is in force; else it is added to that.</param>
    public static void Check(
        ref Violations violations, IReadOnlyList<V1.HealthEndpoint> endpoints, Place list, ServiceConfiguration current, bool replaces)
    {
        if (endpoints.Count + (replaces ? 0 : current.HealthEndpoints.Length) > MaximumEndpoints)
        {
            Add(ref violations, list, $"must leave at most {MaximumEndpoints} health endpoints");
            return;
        }

        var ids = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < endpoints.Count; i++)
        {
            var (endpoint, at) = (endpoints[i], Place.InList(list, i, isAlone: !replaces && endpoints.Count == 1));
            if (!endpoint.HasId && replaces)
            {
                Add(ref violations, at.Of("Id", "id"), "is required");
            }
            else if (endpoint.HasId && CheckId(ref violations, endpoint, at) && !ids.Add(endpoint.Id))
            {
                Add(ref violations, at.Of("Id", "id"), "must not be that of an earlier one");
            }

            Check(ref violations, endpoint, at, replaces && endpoint.HasId ? current.Find(endpoint.Id) : null);
        }
    }

    /// <summary>Checks an endpoint that takes the place of another.</summary>
    /// <param name="violations">Takes what is wrong.</param>
    /// <param name="endpoint">The endpoint; null when absent.</param>
    /// <param name="at">Where it is.</param>
    /// <param name="stored">The one that it takes the place of.</param>
    public static void CheckReplacement(ref Violations violations, V1.HealthEndpoint? endpoint, Place at, HealthEndpoint stored)
    {
        if (endpoint is null)
        {
            violations.Add("The body", at.Field, "must be a health endpoint with at least Endpoint");
            return;
        }

        if (endpoint.HasId && !stored.Is(endpoint.Id))
        {
            Add(ref violations, at.Of("Id", "id"), "must be the one in the path, or absent");
        }

        Check(ref violations, endpoint, at, stored);
    }

    private static bool CheckId(ref Violations violations, V1.HealthEndpoint endpoint, Place at)
    {
        var isValid = IdRules.IsValid(endpoint.Id);
        if (!isValid)
        {
            Add(ref violations, at.Of("Id", "id"), IdRules.Allowed);
        }

        return isValid;
    }

    private static void Check(ref Violations violations, V1.HealthEndpoint endpoint, Place at, HealthEndpoint? stored)
    {
        CheckUrl(ref violations, endpoint.Endpoint, at.Of("Endpoint", "endpoint"));
        CheckName(ref violations, endpoint.Username, at.Of("Username", "username"), noColon: true);
        CheckName(ref violations, endpoint.ClientId, at.Of("ClientId", "client_id"), noColon: false);
        var leadsElsewhere = stored is not null && LeadsElsewhere(endpoint, stored);
        CheckSecret(ref violations, endpoint.Password, at.Of("Password", "password"), stored?.Password, leadsElsewhere);
        CheckSecret(ref violations, endpoint.ClientSecret, at.Of("ClientSecret", "client_secret"), stored?.ClientSecret, leadsElsewhere);

        var hasUser = CheckPair(ref violations, endpoint.Username, endpoint.Password, at.Of("Username", "username"), at.Of("Password", "password"));
        var hasClient = CheckPair(ref violations, endpoint.ClientId, endpoint.ClientSecret, at.Of("ClientId", "client_id"), at.Of("ClientSecret", "client_secret"));
        if (hasUser && hasClient)
        {
            Add(ref violations, at, "must have Username and Password, or ClientId and ClientSecret, or none of them, but not both");
        }

        if (endpoint.TokenEndpoint.Length > 0)
        {
            CheckUrl(ref violations, endpoint.TokenEndpoint, at.Of("TokenEndpoint", "token_endpoint"));
            if (!hasClient && !violations.Concern(at.Of("ClientId", "client_id").Field))
            {
                Add(ref violations, at.Of("TokenEndpoint", "token_endpoint"), "must be absent without ClientId and ClientSecret");
            }
        }
    }

    // An empty text is an absent one.
    private static bool CheckPair(ref Violations violations, string name, string secret, Place nameAt, Place secretAt)
    {
        if (name.Length > 0 && secret.Length == 0)
        {
            Add(ref violations, secretAt, $"is required with {nameAt.Member}");
        }
        else if (name.Length == 0 && secret.Length > 0)
        {
            Add(ref violations, nameAt, $"is required with {secretAt.Member}");
        }

        return name.Length > 0 || secret.Length > 0;
    }

    private static void CheckUrl(ref Violations violations, string text, Place at)
    {
        // Credentials in a URL would be shown and logged with it.
        var isUrl = text.Length is > 0 and <= MaximumUrl
            && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))
            && TextRules.IsWellFormed(text)
            && Uri.TryCreate(text, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
            && url.Host.Length > 0
            && url.UserInfo.Length == 0
            && url.Fragment.Length == 0;
        if (!isUrl)
        {
            Add(ref violations, at, $"must be an http or https URL of at most {MaximumUrl} characters, without credentials or fragment");
        }
    }

    private static void CheckName(ref Violations violations, string text, Place at, bool noColon)
    {
        if (text.Length > MaximumName || text.Any(char.IsControl) || !TextRules.IsWellFormed(text) || (noColon && text.Contains(':', StringComparison.Ordinal)))
        {
            Add(ref violations, at, $"must be well-formed text of at most {MaximumName} characters, none of them a control character{(noColon ? " or a colon" : "")}");
        }
    }

    private static void CheckSecret(ref Violations violations, string text, Place at, ProtectedSecret? stored, bool leadsElsewhere)
    {
        if (text == ProtectedSecret.Mask && stored is null)
        {
            Add(ref violations, at, $"must not be \"{ProtectedSecret.Mask}\": none is stored that this could stand for");
        }
        else if (text == ProtectedSecret.Mask && leadsElsewhere)
        {
            Add(ref violations, at, $"must not be \"{ProtectedSecret.Mask}\" where Endpoint or TokenEndpoint gets another scheme, host or port, or ValidateEndpointCertificate becomes false: the stored one is not sent to another server");
        }
        else if (text.Length > MaximumSecret || text.Any(char.IsControl) || !TextRules.IsWellFormed(text))
        {
            Add(ref violations, at, $"must be well-formed text of at most {MaximumSecret} characters, none of them a control character");
        }
    }

    // Who may set addresses could else have a secret sent to a server of their own, which they were never told. Without an address
    // for tokens it is the endpoint's server that says where they are had. Where no certificate is asked for, any server can be
    // the one at the address.
    private static bool LeadsElsewhere(V1.HealthEndpoint endpoint, HealthEndpoint stored) =>
        IsOtherServer(endpoint.Endpoint, stored.Endpoint)
        || IsOtherServer(endpoint.TokenEndpoint.Length > 0 ? endpoint.TokenEndpoint : endpoint.Endpoint, stored.TokenEndpoint ?? stored.Endpoint)
        || (endpoint is { HasValidateEndpointCertificate: true, ValidateEndpointCertificate: false } && stored.ValidateEndpointCertificate != false);

    // What is no URL is a mistake of its own.
    private static bool IsOtherServer(string text, string stored) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && Uri.Compare(url, new Uri(stored), UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) != 0;

    private static void Add(ref Violations violations, Place at, string allowed)
    {
        if (!violations.Concern(at.Field))
        {
            violations.Add(at.Member.Length == 0 ? "The body" : at.Member, at.Field, allowed);
        }
    }
}
