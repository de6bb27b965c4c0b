namespace ClientFailover.Service.Identity.Basic;

/// <summary>Responsible for the scheme Basic: name and password with each request.</summary>
/// <param name="logon">Judges the credentials.</param>
/// <param name="users">The accounts.</param>
internal sealed class BasicScheme(BasicLogon logon, UserStore users) : ICallerScheme
{
    /// <inheritdoc/>
    public string Name => SchemeNames.Basic;

    /// <inheritdoc/>
    public string Challenge => "Basic realm=\"Client Failover\", charset=\"UTF-8\"";

    /// <inheritdoc/>
    public ValueTask<LogonOutcome> LogOnAsync(HttpContext http, string header) => logon.LogOnAsync(header, http.Connection.RemoteIpAddress);

    /// <inheritdoc/>
    public bool IsStillGood(VerifiedCredential credential) => logon.IsStillGood(credential);

    /// <inheritdoc/>
    public void Refresh() => users.Refresh();
}
