using System.Net;
using System.Net.Security;
using System.Runtime.Versioning;
using System.Security.Principal;
using ClientFailover.Service.Hosting;
using Microsoft.AspNetCore.Authentication;

namespace ClientFailover.Service.Identity.Negotiate;

/// <summary>
/// Responsible for Kerberos (RFC 4559): a caller logs on with a ticket, and from then on its connection says who it is, as
/// clients of this scheme expect. HTTP/1.1 only. NTLM, which the scheme would allow as well, is refused: it can be relayed.
/// </summary>
internal sealed partial class NegotiateScheme : ICallerScheme, IConnectionScheme
{
    private const int LongestToken = 64 * 1024;
    private const string KerberosPackage = "Kerberos";

    // Tickets mostly live for ten hours, which the system does not tell; who was locked out since is out within one.
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly RoleMap _roles;
    private readonly VerificationLimiter _limiter;
    private readonly TimeProvider _time;
    private readonly ILogger<NegotiateScheme> _log;
    private readonly LogLimiter _lines;

    /// <summary>Has the system use the keys of the settings.</summary>
    /// <param name="options">Keys, and who has which role.</param>
    /// <param name="limiter">Keeps whoever sends what is not good from keeping the processor busy.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The log.</param>
    /// <exception cref="StartupException">The system has no Kerberos.</exception>
    public NegotiateScheme(ServiceOptions options, VerificationLimiter limiter, TimeProvider time, ILogger<NegotiateScheme> log)
    {
        (_limiter, _time, _log) = (limiter, time, log);
        _roles = new RoleMap(
            options.NegotiateUsers,
            options.NegotiateAdministrators,
            OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        _lines = new LogLimiter(time);
        Keytab.Use(options.NegotiateKeytab);
    }

    /// <inheritdoc/>
    public string Name => SchemeNames.Negotiate;

    /// <inheritdoc/>
    public string Challenge => Name;

    /// <inheritdoc/>
    public ValueTask<LogonOutcome> LogOnAsync(HttpContext http, string header) => new(LogOn(http, header));

    /// <inheritdoc/>
    public LogonOutcome? LogOn(HttpContext http) =>
        NegotiateConnection.Find(http)?.Credential is { } credential && !credential.HasEnded(_time) ? credential.Outcome : null;

    /// <inheritdoc/>
    public bool IsStillGood(VerifiedCredential credential)
    {
        // A ticket counts once, also on the connection that it came by.
        return false;
    }

    /// <inheritdoc/>
    public void Refresh()
    {
        // The system reads its keys by itself.
    }

    private LogonOutcome LogOn(HttpContext http, string header)
    {
        var address = http.Connection.RemoteIpAddress;
        if (NegotiateConnection.FindOrAdd(http) is not { } connection)
        {
            return Refuse(address, "Kerberos is for connections of HTTP/1.1.");
        }

        // A connection that has logged on may do so again, once: others who fail at the same address must not keep it out.
        var hasLoggedOn = connection.Credential is not null;
        if (!hasLoggedOn && !_limiter.TryTake(address, out var wait))
        {
            return LogonOutcome.Limited(wait);
        }

        // Whoever logs on anew is nobody until it has.
        connection.Credential = null;
        if (Decode(header.AsSpan(Name.Length + 1).Trim(' ')) is not { } token)
        {
            return Refuse(address, "It is no base64.");
        }

        var logon = connection.Pending ?? new NegotiateAuthentication(new NegotiateAuthenticationServerOptions());
        connection.Pending = null;
        var isUnfinished = false;
        try
        {
            var answer = logon.GetOutgoingBlob(token, out var status) is { Length: > 0 } blob ? $"{Name} {Convert.ToBase64String(blob)}" : null;
            isUnfinished = status == NegotiateAuthenticationStatusCode.ContinueNeeded;
            if (isUnfinished)
            {
                connection.Pending = logon;
                return new LogonOutcome(AuthenticateResult.Fail("The logon goes on.")) { Challenge = answer, IsUnfinished = true };
            }

            if (status != NegotiateAuthenticationStatusCode.Completed || logon.Package != KerberosPackage)
            {
                return Refuse(address, status == NegotiateAuthenticationStatusCode.Completed ? $"It is {logon.Package}." : status.ToString());
            }

            if (answer is not null)
            {
                http.Response.Headers.Append("WWW-Authenticate", answer);
            }

            if (!hasLoggedOn)
            {
                _limiter.Return(address);
            }

            // Else clients get a ticket for each request, as they cannot know.
            http.Response.Headers["Persistent-Auth"] = "true";
            connection.Credential = Accept(logon.RemoteIdentity);
            return connection.Credential.Outcome;
        }
        finally
        {
            if (!isUnfinished)
            {
                logon.Dispose();
            }
        }
    }

    private static byte[]? Decode(ReadOnlySpan<char> text)
    {
        if (text.Length > LongestToken)
        {
            return null;
        }

        var bytes = new byte[text.Length];
        return Convert.TryFromBase64Chars(text, bytes, out var length) ? bytes[..length] : null;
    }

    private NegotiateCredential Accept(IIdentity identity)
    {
        var name = identity.Name ?? string.Empty;
        var caller = new Caller(
            PlainText.Of(name), CallerKind.User, name, null, _roles.RolesOf([name, .. GroupsOf(identity)]), SchemeNames.Negotiate);
        if (caller.Roles.Count == 0 && _lines.MayLog(nameof(LogWithoutRole)))
        {
            LogWithoutRole(caller.Name);
        }

        return new NegotiateCredential(caller) { Expires = _time.GetUtcNow() + Lifetime };
    }

    // Elsewhere the system does not tell groups: they are in a part of the ticket that only Windows reads.
    private static List<string> GroupsOf(IIdentity identity) =>
        OperatingSystem.IsWindows() && identity is WindowsIdentity account ? GroupNames(account) : [];

    [SupportedOSPlatform("windows")]
    private static List<string> GroupNames(WindowsIdentity account)
    {
        var names = new List<string>();
        foreach (var group in account.Groups ?? [])
        {
            try
            {
                names.Add(group.Translate(typeof(NTAccount)).Value);
            }
            catch (SystemException)
            {
                // A group that the domain no longer knows by name, or a domain that does not answer.
                names.Add(group.Value);
            }
        }

        return names;
    }

    private LogonOutcome Refuse(IPAddress? address, string reason)
    {
        if (_lines.MayLog(nameof(LogRefused)))
        {
            LogRefused(address, reason);
        }

        return LogonOutcome.Refused;
    }
}
