using ClientFailover.Engine;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Storage;
using ClientFailover.Service.Transport;

namespace ClientFailover.Service.Hosting;

/// <summary>
/// The settings of the service: section <c>ClientFailover</c> of <c>appsettings.json</c> beside the executable,
/// environment variables <c>ClientFailover__Name</c>, command line <c>--Name value</c>; the later ones win. Time spans
/// are written <c>[d.]hh:mm:ss[.fffffff]</c>. A property here is a setting: <see cref="SettingsBinder"/> reads them all.
/// </summary>
internal sealed record ServiceOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "ClientFailover";

    /// <summary>TCP port of REST and gRPC over TLS. Default 5590; 0: any free port, which the start message tells.</summary>
    public int Port { get; init; } = 5590;

    /// <summary>IP address to listen on. Default 0.0.0.0 (every IPv4 address); <c>::</c> is every IPv6 and IPv4 address.</summary>
    public string Address { get; init; } = "0.0.0.0";

    /// <summary>
    /// TCP port of REST without encryption (HTTP/1.1). Default none; 0: any free port. Without TLS a connection cannot
    /// agree on its protocol, hence two ports.
    /// </summary>
    public int? CleartextHttpPort { get; init; }

    /// <summary>TCP port of gRPC and REST without encryption (HTTP/2 with prior knowledge). Default none; 0: any free port.</summary>
    public int? CleartextGrpcPort { get; init; }

    /// <summary>
    /// Directory of everything the service keeps. Default: Windows <c>%ProgramData%\ClientFailover</c>; else
    /// <c>/var/lib/client-failover</c> as root and <c>$XDG_STATE_HOME/client-failover</c> as anybody else.
    /// </summary>
    public string DataDirectory { get; init; } = DefaultDataDirectory.Find();

    /// <summary>Base name of the certificate that is generated when none is supplied. Default <c>client-failover</c>.</summary>
    public string CertificateName { get; init; } = "client-failover";

    /// <summary>Failover timeout of a group that is created without one. Default 1 min.</summary>
    public TimeSpan DefaultFailoverTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The shortest failover timeout a group may have. Default 1 s.</summary>
    public TimeSpan MinimumFailoverTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest failover timeout a group may have. Default 1 day.</summary>
    public TimeSpan MaximumFailoverTimeout { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long a session whose stream broke still counts as live. Default 1 s; zero is allowed.</summary>
    public TimeSpan ConnectionLossGrace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// What is added to the failover timeout of REST sessions, which never retry a heartbeat. Default: the smaller of
    /// 2 s and an eighth of the group's failover timeout.
    /// </summary>
    public TimeSpan? HeartbeatTolerance { get; init; }

    /// <summary>How long a handover by score waits after a promotion. Default: one failover timeout of the group.</summary>
    public TimeSpan? MinimumHoldTime { get; init; }

    /// <summary>How long a Primary may take to drain. Default 5 s; at most half the group's failover timeout counts.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The share of the shortest regular heartbeat interval (1 s or the group's, whichever is less) before which the
    /// next heartbeat is refused as too soon. No unit, default 0.8; 0 refuses none.
    /// </summary>
    public double MinimumHeartbeatInterval { get; init; } = 0.8;

    /// <summary>How often at most a moving LastDataProcessedTime is recorded without a role change. Default 10 s.</summary>
    public TimeSpan LastDataProcessedTimeInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many events are kept of each group's history. Default 1000.</summary>
    public int HistoryPerGroup { get; init; } = 1000;

    /// <summary>How many calls and streams one HTTP/2 connection may have open. Default 4096: a gateway shares one connection.</summary>
    public int MaxStreamsPerConnection { get; init; } = 4096;

    /// <summary>The longest request body in bytes; the messages of a gRPC stream count one by one. Default 196608 (192 KiB).</summary>
    public int MaxRequestBodySize { get; init; } = 192 * 1024;

    /// <summary>
    /// By which schemes callers may say who they are: Basic, Bearer, Negotiate, Certificate; several are separated by commas.
    /// Default Basic.
    /// </summary>
    public string AuthenticationSchemes { get; init; } = SchemeNames.Basic;

    /// <summary>Bearer: address of the identity provider, to which <c>/.well-known/openid-configuration</c> is appended. Default none.</summary>
    public string BearerAuthority { get; init; } = string.Empty;

    /// <summary>Bearer: the audience that tokens must be meant for. Default none.</summary>
    public string BearerAudience { get; init; } = string.Empty;

    /// <summary>Bearer: whether the provider must be asked over HTTPS. Default true; false is for trials on one machine.</summary>
    public bool BearerRequireHttps { get; init; } = true;

    /// <summary>Bearer: how much the provider's clock and this one may differ. Default 1 min; at most 5 min.</summary>
    public TimeSpan BearerClockSkew { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Bearer: the claim that tells roles, such as <c>roles</c>, <c>groups</c> or <c>scope</c>; a member within a member is
    /// written <c>realm_access.roles</c>. Default <c>roles</c>.
    /// </summary>
    public string BearerRoleClaim { get; init; } = "roles";

    /// <summary>Bearer: values of the role claim that make a user, separated by semicolons. Default AVEVAFailoverUsers.</summary>
    public string BearerUsers { get; init; } = Roles.Users;

    /// <summary>Bearer: values of the role claim that make an administrator, separated by semicolons. Default AVEVAFailoverAdministrators.</summary>
    public string BearerAdministrators { get; init; } = Roles.Administrators;

    /// <summary>
    /// Bearer: the claim that tells the caller's tenant; a token without it has no role. Default none: every caller is of
    /// the service's own.
    /// </summary>
    public string BearerTenantClaim { get; init; } = string.Empty;

    /// <summary>
    /// Certificate: path of the certificates (PEM) of those who issue client certificates, with every one between them and the
    /// root. Default none. A change counts within a second.
    /// </summary>
    public string ClientCertificateIssuers { get; init; } = string.Empty;

    /// <summary>
    /// Certificate: path of the list of revoked certificates (PEM or DER; in PEM several, one of each issuer). Default none.
    /// A change counts within a second.
    /// </summary>
    public string ClientCertificateRevocationList { get; init; } = string.Empty;

    /// <summary>
    /// Certificate: names of users, separated by semicolons: <c>DNS:a.plant.example</c>, <c>DNS:*.plant.example</c>,
    /// <c>email:...</c>, <c>URI:...</c> or the subject, such as <c>CN=a, O=Plant</c>. Default none.
    /// </summary>
    public string ClientCertificateUsers { get; init; } = string.Empty;

    /// <summary>Certificate: names of administrators, likewise. Default none.</summary>
    public string ClientCertificateAdministrators { get; init; } = string.Empty;

    /// <summary>
    /// Negotiate, not on Windows: path of the keytab with the keys of <c>HTTP/host</c>. Default none: the system's own, as its
    /// Kerberos configuration says. Windows uses the machine's account.
    /// </summary>
    public string NegotiateKeytab { get; init; } = string.Empty;

    /// <summary>
    /// Negotiate: principals that are users, <c>name@REALM</c>, separated by semicolons; on Windows accounts and groups,
    /// <c>DOMAIN\name</c>. Default none.
    /// </summary>
    public string NegotiateUsers { get; init; } = string.Empty;

    /// <summary>Negotiate: principals that are administrators, likewise. Default none.</summary>
    public string NegotiateAdministrators { get; init; } = string.Empty;

    /// <summary>The settings of the role engine.</summary>
    /// <returns>Those of its settings that are settings of the service.</returns>
    public EngineSettings ToEngineSettings() => new()
    {
        ConnectionLossGrace = ConnectionLossGrace,
        HeartbeatTolerance = HeartbeatTolerance,
        MinimumHoldTime = MinimumHoldTime,
        DrainTimeout = DrainTimeout,
        MinimumHeartbeatInterval = MinimumHeartbeatInterval,
        LastDataProcessedTimeInterval = LastDataProcessedTimeInterval,
    };

    /// <summary>Gives the store its settings.</summary>
    /// <param name="store">The store's settings.</param>
    public void Apply(StoreOptions store)
    {
        store.DataDirectory = DataDirectory;
        store.HistoryPerGroup = HistoryPerGroup;
    }

    /// <summary>Gives the transport its settings.</summary>
    /// <param name="transport">The transport's settings.</param>
    public void Apply(TransportOptions transport)
    {
        transport.MinimumFailoverTimeout = MinimumFailoverTimeout;
        transport.MaximumFailoverTimeout = MaximumFailoverTimeout;
        transport.DefaultFailoverTimeout = DefaultFailoverTimeout;
        transport.ConnectionLossGrace = ConnectionLossGrace;
        transport.MaxRequestBodySize = MaxRequestBodySize;
    }
}
