using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClientFailover.Service.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Features;

namespace ClientFailover.Service.Identity.Certificate;

/// <summary>
/// Responsible for callers who say who they are by a certificate of TLS. It is judged once a connection: a request that follows
/// looks its certificate up, which is the connection's own object.
/// </summary>
internal sealed partial class CertificateScheme : IConnectionScheme
{
    private static readonly TimeSpan RenewalTime = TimeSpan.FromSeconds(30);
    private static readonly LogonOutcome Refused = new(AuthenticateResult.Fail("The certificate is not valid."));

    private readonly ConditionalWeakTable<X509Certificate2, Judgement> _judged = [];
    private readonly IssuerFiles _files;
    private readonly RoleMap _roles;
    private readonly TimeProvider _time;
    private readonly ILogger<CertificateScheme> _log;
    private readonly LogLimiter _lines;

    /// <summary>Creates it.</summary>
    /// <param name="options">Whose certificates have which role.</param>
    /// <param name="files">Tell whose certificates are taken.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The log.</param>
    public CertificateScheme(ServiceOptions options, IssuerFiles files, TimeProvider time, ILogger<CertificateScheme> log)
    {
        (_files, _time, _log) = (files, time, log);
        _roles = new RoleMap(options.ClientCertificateUsers, options.ClientCertificateAdministrators, StringComparer.OrdinalIgnoreCase);
        _lines = new LogLimiter(time);
    }

    /// <inheritdoc/>
    public LogonOutcome? LogOn(HttpContext http)
    {
        if (http.Features.Get<ITlsConnectionFeature>()?.ClientCertificate is not { } certificate)
        {
            return null;
        }

        _files.Refresh();
        var judge = _files.Current;
        if (_judged.TryGetValue(certificate, out var known) && (known.Outcome.IsSuccess || known.By == judge))
        {
            return known.Outcome.Credential?.HasEnded(_time) == true ? Refused : known.Outcome;
        }

        var outcome = Judge(certificate, judge, http.Connection.RemoteIpAddress);
        _judged.AddOrUpdate(certificate, new Judgement(outcome, judge));
        return outcome;
    }

    /// <inheritdoc/>
    public void Refresh() => _files.Refresh();

    private LogonOutcome Judge(X509Certificate2 certificate, TrustedIssuers judge, IPAddress? address)
    {
        try
        {
            if (judge.Refusal(certificate, _time.GetUtcNow().UtcDateTime) is { } reason)
            {
                return Refuse(certificate, address, reason);
            }

            var names = CertificateNames.Of(certificate);
            var caller = new Caller(
                PlainText.Of(names.Id), CallerKind.Client, names.Id, null, _roles.RolesOf(names.All), SchemeNames.Certificate);
            if (caller.Roles.Count == 0 && _lines.MayLog(nameof(LogWithoutRole)))
            {
                LogWithoutRole(caller.Name);
            }

            var expires = new DateTimeOffset(certificate.NotAfter.ToUniversalTime());
            return new CertificateCredential(caller, certificate, _files, judge, _time) { Expires = expires, RenewFrom = expires - RenewalTime }.Outcome;
        }
        catch (CryptographicException e)
        {
            return Refuse(certificate, address, e.Message);
        }
    }

    private LogonOutcome Refuse(X509Certificate2 certificate, IPAddress? address, string reason)
    {
        if (_lines.MayLog(nameof(LogRefused)))
        {
            LogRefused(PlainText.Of(certificate.Subject), address, PlainText.Of(reason));
        }

        return Refused;
    }

    private sealed record Judgement(LogonOutcome Outcome, TrustedIssuers By);
}
