using Microsoft.AspNetCore.Authentication;

namespace ClientFailover.Service.Identity;

/// <summary>What became of a logon.</summary>
/// <param name="result">The result for the framework.</param>
/// <param name="status">The HTTP status of a challenge that follows.</param>
/// <param name="retryAfter">When to try again, if that is the reason.</param>
internal sealed class LogonOutcome(AuthenticateResult result, int status = StatusCodes.Status401Unauthorized, TimeSpan? retryAfter = null)
{
    /// <summary>Name or password is wrong, or the header is. One answer for all of them: none tells which names exist.</summary>
    public static LogonOutcome Refused { get; } = new(AuthenticateResult.Fail("Name or password is wrong."));

    /// <summary>Too many logons wait to be verified.</summary>
    public static LogonOutcome Busy { get; } =
        new(AuthenticateResult.Fail("Too many logons at once."), StatusCodes.Status503ServiceUnavailable, TimeSpan.FromSeconds(1));

    /// <summary>What the scheme needs to judge by cannot be had at present.</summary>
    public static LogonOutcome Unavailable { get; } =
        new(AuthenticateResult.Fail("The identity provider cannot be reached."), StatusCodes.Status503ServiceUnavailable, TimeSpan.FromSeconds(5));

    /// <summary>The result for the framework, in the form it wants it.</summary>
    public Task<AuthenticateResult> Result { get; } = Task.FromResult(result);

    /// <summary>What was verified; null when it was not.</summary>
    public VerifiedCredential? Credential { get; init; }

    /// <summary>
    /// What <c>WWW-Authenticate</c> says of the scheme that was used; null: what it says to a caller without credentials.
    /// </summary>
    public string? Challenge { get; init; }

    /// <summary>Whether the caller is to go on with the scheme that it began: no other is offered to it.</summary>
    public bool IsUnfinished { get; init; }

    /// <summary>Whether the credentials are good.</summary>
    public bool IsSuccess { get; } = result.Succeeded;

    /// <summary>The HTTP status of a challenge that follows.</summary>
    public int Status { get; } = status;

    /// <summary>When to try again; null: with other credentials only.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>There were too many failed logons of this name from this address, or of any name.</summary>
    /// <param name="retryAfter">When to try again.</param>
    /// <returns>The outcome.</returns>
    public static LogonOutcome Limited(TimeSpan retryAfter) =>
        new(AuthenticateResult.Fail("Too many failed logons."), StatusCodes.Status429TooManyRequests, retryAfter);
}
