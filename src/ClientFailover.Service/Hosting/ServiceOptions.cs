using ClientFailover.Engine;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Storage;
using ClientFailover.Service.Tenants;
using ClientFailover.Service.Transport;

namespace ClientFailover.Service.Hosting;

/// <summary>
/// The settings of the service: section <c>ClientFailover</c> of <c>appsettings.json</c> beside the executable,
/// environment variables <c>ClientFailover__Name</c>, command line <c>--Name value</c>; the later ones win. Time spans
/// are written <c>[d.]hh:mm:ss[.fffffff]</c>. A property here is a setting: <see cref="SettingsBinder"/> reads them all.
/// </summary>
internal sealed partial record ServiceOptions
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

    /// <summary>
    /// Path of a certificate with its RSA key, PFX or PEM, that protects the keys which secrets are encrypted with. Default
    /// none: DPAPI protects them on Windows, the mode of their files elsewhere.
    /// </summary>
    public string? KeyProtectionCertificate { get; init; }

    /// <summary>Path of a file whose first line is the password of <see cref="KeyProtectionCertificate"/>. Default none.</summary>
    public string? KeyProtectionPasswordFile { get; init; }

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

    /// <summary>
    /// For how long nobody may have heard from a session, of the time in which the service runs, before it is removed. Never removed:
    /// the Primary, a session with an order in force, and any session of a group in which none is live. Default 30 days; zero: for
    /// ever; at least a day.
    /// </summary>
    public TimeSpan SessionRetention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How many calls and streams one HTTP/2 connection may have open. Default 4096: a gateway shares one connection.</summary>
    public int MaxStreamsPerConnection { get; init; } = 4096;

    /// <summary>The longest request body, or hello of an adapter stream, in bytes. Default 196608 (192 KiB). Later messages of a stream: 4 KiB.</summary>
    public int MaxRequestBodySize { get; init; } = 192 * 1024;

    /// <summary>How many connections may be open, of all callers. Default 20000; 0: no limit.</summary>
    public int MaxConnections { get; init; } = 20_000;

    /// <summary>
    /// How many connections one address may have open (of IPv6: one /64 network); beyond that, its oldest over which nobody has logged on is ended for
    /// a new one. Default 5000; 0: no limit.
    /// </summary>
    public int MaxConnectionsPerAddress { get; init; } = 5_000;

    /// <summary>
    /// How many connections one address may open a second, in the long run; at first twenty times as many at once. One over which
    /// somebody logs on does not count if it stays for a minute, and as many again do not that leave sooner. Default 100; 0: no limit.
    /// </summary>
    public int MaxNewConnectionsPerSecond { get; init; } = 100;

    /// <summary>
    /// How many bytes the service reads from one address a second, in the long run; at first four times as many at once. As many again
    /// over connections over which somebody has logged on. What comes beyond waits in the network, but for an 8192nd of it for each connection. Default 16777216 (16 MiB); 0: no limit.
    /// </summary>
    public int MaxInputPerSecond { get; init; } = 16 * 1024 * 1024;

    /// <summary>
    /// How many requests one account at one address may make a second, or one address without credentials; at first twice as many at
    /// once. Long lists count for more than one. Never refuses a heartbeat with valid credentials. Default 1000; 0: no limit.
    /// </summary>
    public int MaxRequestsPerSecondPerCaller { get; init; } = 1_000;

    /// <summary>
    /// How many streams of events, health and reflection one account may have open. An adapter's own stream is none of them.
    /// Default 100; 0: no limit.
    /// </summary>
    public int MaxWatchesPerCaller { get; init; } = 100;

    /// <summary>The same of all accounts of one tenant, or of all that belong to none. Default 1000; 0: no limit.</summary>
    public int MaxWatchesPerTenant { get; init; } = 1_000;

    /// <summary>
    /// How many requests a second may be reset on one HTTP/2 connection before it is cut; at first ten times as many at once.
    /// Default 20; 0: no limit.
    /// </summary>
    public int MaxStreamResetsPerSecond { get; init; } = 20;

    /// <summary>How many headers a request may have. Default 100.</summary>
    public int MaxRequestHeaderCount { get; init; } = 100;

    /// <summary>How many bytes the headers of a request may have together. Default 32768 (32 KiB).</summary>
    public int MaxRequestHeadersTotalSize { get; init; } = 32 * 1024;

    /// <summary>How long a client may take for the TLS handshake, and again for the headers of a request. Default 10 s.</summary>
    public TimeSpan RequestHeadersTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long an HTTP connection may stay open without a request. Default 130 s. Longer than the heartbeat interval of adapters on REST,
    /// it spares them a new connection for each heartbeat.
    /// </summary>
    public TimeSpan IdleConnectionTimeout { get; init; } = TimeSpan.FromSeconds(130);

    /// <summary>
    /// How many bytes a second a client must send of a body, or read of an answer, after five seconds; a slower one is cut. Default 240.
    /// </summary>
    public int MinimumDataRate { get; init; } = 240;

    /// <summary>How long the files of the audit are kept. Default 90 days; 1 to 3650 days.</summary>
    public TimeSpan AuditRetention { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How much all files of the audit may take together, in MiB: beyond, the oldest go. Default 256; 1 to 1048576.</summary>
    public int AuditTotalSize { get; init; } = 256;

    /// <summary>How many groups a namespace may have that has no limit of its own. Default 50,000.</summary>
    public int MaxGroupsPerNamespace { get; init; } = 50_000;

    /// <summary>How many sessions, of all groups, a namespace may have that has no limit of its own. Default 500,000.</summary>
    public int MaxSessionsPerNamespace { get; init; } = 500_000;

    /// <summary>How many sessions a group may have. Default 10,000.</summary>
    public int MaxSessionsPerGroup { get; init; } = 10_000;

    /// <summary>
    /// How many requests a second, and as many at once, a namespace may make that has no limit of its own. Heartbeats and
    /// what is said on streams are not counted. Default 20,000.
    /// </summary>
    public int MaxRequestsPerSecondPerNamespace { get; init; } = 20_000;

    /// <summary>
    /// By which schemes callers may say who they are: Basic, Bearer, Negotiate, Certificate; several are separated by commas.
    /// Default Basic.
    /// </summary>
    public string AuthenticationSchemes { get; init; } = SchemeNames.Basic;

    /// <summary>
    /// How many verified credentials are remembered, of Basic and of Bearer. Where more are in use, heartbeats wait for passwords to be
    /// hashed. Default 20,000; 1,000 to 1,000,000.
    /// </summary>
    public int MaxRememberedCredentials { get; init; } = 20_000;

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

    /// <summary>Gives the namespaces their settings.</summary>
    /// <param name="namespaces">Their settings.</param>
    public void Apply(NamespaceOptions namespaces)
    {
        namespaces.MaxGroups = MaxGroupsPerNamespace;
        namespaces.MaxSessions = MaxSessionsPerNamespace;
        namespaces.MaxSessionsPerGroup = MaxSessionsPerGroup;
        namespaces.MaxRequestsPerSecond = MaxRequestsPerSecondPerNamespace;
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
