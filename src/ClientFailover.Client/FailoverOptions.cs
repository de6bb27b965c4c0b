using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ClientFailover.Client;

/// <summary>
/// How an adapter takes part in failover. The first members are the failover facet that adapters in the field are configured
/// with, under the same names and rules, so that a configuration that exists can be used as it is.
/// </summary>
public sealed class FailoverOptions
{
    /// <summary>Id of the group, 1 to 256 characters, none of <c>/ \ ? # %</c>. Required.</summary>
    public string FailoverGroupId { get; set; } = "";

    /// <summary>A name of this adapter for people; default: <c>{machine} {program}</c>.</summary>
    public string? Name { get; set; }

    /// <summary>A description for people.</summary>
    public string? Description { get; set; }

    /// <summary>Silence after which an adapter counts as lost; default 1 minute. If the group exists, the group's counts.</summary>
    public TimeSpan FailoverTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How the adapter waits while it is Secondary; default hot. May change while it runs.</summary>
    public FailoverMode Mode { get; set; } = FailoverMode.Hot;

    /// <summary>
    /// Address of the service's REST API, such as <c>https://host:5590/api/v1/clientfailover</c> or, in the cloud,
    /// <c>https://host/api/v1/tenants/{tenant}/namespaces/{namespace}/clientfailover</c>. Required.
    /// </summary>
    public Uri? Endpoint { get; set; }

    /// <summary>User of Basic authentication. Excludes <see cref="ClientId"/>.</summary>
    public string? UserName { get; set; }

    /// <summary>Password of Basic authentication.</summary>
    public string? Password { get; set; }

    /// <summary>Client of the OAuth 2 client credentials grant. Excludes <see cref="UserName"/>.</summary>
    public string? ClientId { get; set; }

    /// <summary>Secret of the client.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>Where tokens are had; default: found by OpenID Connect discovery at the endpoint's host.</summary>
    public Uri? TokenEndpoint { get; set; }

    /// <summary>Whether the service's certificate must be valid; default true. That of a token endpoint on another host must be in any case.</summary>
    public bool ValidateEndpointCertificate { get; set; } = true;

    /// <summary>Other addresses of the same service, tried in turn when one cannot be reached.</summary>
    public IList<Uri> AdditionalEndpoints { get; } = [];

    /// <summary>Certificate (PEM) to trust beside the machine's: the service's own, or that of its issuer.</summary>
    public string? TrustedCertificateFile { get; set; }

    /// <summary>Certificate (PEM, or PKCS#12) to authenticate with.</summary>
    public string? ClientCertificateFile { get; set; }

    /// <summary>Key (PEM) of that certificate, if it is in a file of its own.</summary>
    public string? ClientCertificateKeyFile { get; set; }

    /// <summary>Password of that key or PKCS#12 file.</summary>
    public string? ClientCertificatePassword { get; set; }

    /// <summary>Id of the session; default: <c>{machine}.{program}</c>, as adapters in the field. Unique in the group, the same after a restart.</summary>
    public string? SessionId { get; set; }

    /// <summary>How to speak to the service; default: the stream first.</summary>
    public FailoverTransport Transport { get; set; }

    /// <summary>What a Primary does that cannot reach the service; default: it keeps its role.</summary>
    public OnServiceLost OnServiceLost { get; set; }

    /// <summary>
    /// Whether source times are told by the sources and equal on every adapter of the group; default false. They are expected to grow
    /// within a stream: what is older than a value before it, or has the same time, can be taken for sent in a handover, and be lost.
    /// Then LastDataProcessedTime is a source time, and a handover by order between two adapters on streams sends nothing twice.
    /// </summary>
    public bool SourceTimestamps { get; set; }

    /// <summary>The buffer of data that is not known to have reached the destination.</summary>
    public BufferOptions Buffer { get; set; } = new();

    /// <summary>Reads the facet from a section of a configuration: names in any case, times as <c>00:01:00</c>, modes by name.</summary>
    /// <param name="section">The section.</param>
    /// <returns>The options, valid.</returns>
    /// <exception cref="OptionsValidationException">There are mistakes; the exception names all of them, and no secret.</exception>
    public static FailoverOptions Load(IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var options = new FailoverOptions();
        var mistakes = FailoverOptionsReader.Read(section, options).Concat(FailoverOptionsRules.Check(options)).ToList();
        return mistakes.Count == 0 ? options : throw new OptionsValidationException(nameof(FailoverOptions), typeof(FailoverOptions), mistakes);
    }

    /// <inheritdoc/>
    public override string ToString() => $"group {FailoverGroupId}, {Mode}, {Endpoint?.Host}";
}
