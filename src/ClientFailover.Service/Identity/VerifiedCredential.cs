using Microsoft.AspNetCore.Authentication;

namespace ClientFailover.Service.Identity;

/// <summary>A credential that was verified, with the answer of the authentication handler ready made.</summary>
internal abstract class VerifiedCredential
{
    private long _lastUsed;

    /// <summary>Makes the answer.</summary>
    /// <param name="caller">Whose it is.</param>
    protected VerifiedCredential(Caller caller) => Outcome = new LogonOutcome(
        AuthenticateResult.Success(new AuthenticationTicket(new CallerPrincipal(caller, this), CallerHandler.SchemeName)))
    {
        Credential = this,
    };

    /// <summary>The answer.</summary>
    public LogonOutcome Outcome { get; }

    /// <summary>When it ends by itself, as does every stream that was opened with it; null: never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>From when on whoever holds a stream opened with it should get another; null: never.</summary>
    public DateTimeOffset? RenewFrom { get; init; }

    /// <summary>When it must be verified anew, because what it was verified by may have changed; null: never.</summary>
    public DateTimeOffset? VerifyAgain { get; init; }

    /// <summary>Whether it was withdrawn since it was verified.</summary>
    public abstract bool IsRevoked { get; }

    /// <summary>When it was used last, a timestamp of the cache's clock.</summary>
    public long LastUsed
    {
        get => Volatile.Read(ref _lastUsed);
        set => Volatile.Write(ref _lastUsed, value);
    }

    /// <summary>Whether it is withdrawn or past its end.</summary>
    /// <param name="time">The clock.</param>
    /// <returns>True: nobody is let in by it any more.</returns>
    public bool HasEnded(TimeProvider time) => IsRevoked || (Expires is { } end && end <= time.GetUtcNow());

    /// <summary>Whether it may be taken without verifying it.</summary>
    /// <param name="time">The clock.</param>
    /// <returns>Whether it may.</returns>
    public bool IsFresh(TimeProvider time) => !HasEnded(time) && !(VerifyAgain is { } again && again <= time.GetUtcNow());
}
