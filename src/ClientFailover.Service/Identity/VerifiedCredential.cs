using ClientFailover.Service.Identity.Basic;
using Microsoft.AspNetCore.Authentication;

namespace ClientFailover.Service.Identity;

/// <summary>A credential that was verified, with the answer of the authentication scheme ready made.</summary>
internal sealed class VerifiedCredential
{
    private long _lastUsed;

    /// <summary>Makes the answer.</summary>
    /// <param name="account">Whose it is.</param>
    public VerifiedCredential(UserAccount account)
    {
        Account = account;
        var caller = new Caller(account.Name, CallerKind.User, account.Name, null, [account.Role], BasicHandler.SchemeName);
        Outcome = new LogonOutcome(
            AuthenticateResult.Success(new AuthenticationTicket(new CallerPrincipal(caller), BasicHandler.SchemeName)))
        {
            Credential = this,
        };
    }

    /// <summary>Whose it is.</summary>
    public UserAccount Account { get; }

    /// <summary>The answer.</summary>
    public LogonOutcome Outcome { get; }

    /// <summary>When it was used last, a timestamp of the cache's clock.</summary>
    public long LastUsed
    {
        get => Volatile.Read(ref _lastUsed);
        set => Volatile.Write(ref _lastUsed, value);
    }
}
