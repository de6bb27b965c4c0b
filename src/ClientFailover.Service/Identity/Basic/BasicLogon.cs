using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Identity;

namespace ClientFailover.Service.Identity.Basic;

/// <summary>
/// Responsible for judging Basic credentials: remembered ones at once; others by the slow hash, a few at a time, and
/// one verification for all callers who wait with the same credential. An unknown name takes as long as a wrong
/// password and gets the same answer, also where logons are limited.
/// </summary>
internal sealed partial class BasicLogon
{
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(2);
    private static readonly LogonOutcome Crowded = LogonOutcome.Limited(TimeSpan.FromSeconds(1));

    private readonly UserStore _users;
    private readonly CredentialCache _cache;
    private readonly FailedLogonLimiter _limiter;
    private readonly IPasswordHasher<UserAccount> _hasher;
    private readonly ILogger<BasicLogon> _log;
    private readonly ConcurrentDictionary<CredentialKey, Lazy<Task<LogonOutcome>>> _running = new();
    private readonly Lock _admission = new();

    // How long the newest took, in ticks.
    private long _hashTime;

    // Half of the processors at most: hashing must leave room for heartbeats.
    private readonly HashingQueue _queue = new(Math.Max(1, Environment.ProcessorCount / 2));

    /// <summary>Creates it.</summary>
    /// <param name="users">The accounts.</param>
    /// <param name="cache">Remembers what was verified.</param>
    /// <param name="limiter">Slows down whoever guesses.</param>
    /// <param name="hasher">Verifies.</param>
    /// <param name="log">The log.</param>
    public BasicLogon(
        UserStore users,
        CredentialCache cache,
        FailedLogonLimiter limiter,
        IPasswordHasher<UserAccount> hasher,
        ILogger<BasicLogon> log)
    {
        _users = users;
        _cache = cache;
        _limiter = limiter;
        _hasher = hasher;
        _log = log;
    }

    /// <summary>Judges a header.</summary>
    /// <param name="header">Its value, of the scheme Basic.</param>
    /// <param name="address">Where the caller is.</param>
    /// <returns>What became of it; completed already when the credential is remembered.</returns>
    public ValueTask<LogonOutcome> LogOnAsync(string header, IPAddress? address)
    {
        _users.Refresh();
        var key = _cache.KeyOf(header);
        return _cache.TryGet(key, out var credential) ? new(credential.Outcome) : new(VerifyAsync(key, header, address));
    }

    /// <summary>Judges a credential that was verified before on the same connection, by the same header.</summary>
    /// <param name="credential">The credential.</param>
    /// <returns>Whether it still counts.</returns>
    public bool IsStillGood(VerifiedCredential credential)
    {
        _users.Refresh();
        return _cache.Renew(credential);
    }

    private async Task<LogonOutcome> VerifyAsync(CredentialKey key, string header, IPAddress? address)
    {
        if (_running.TryGetValue(key, out var running))
        {
            return await running.Value.ConfigureAwait(false);
        }

        if (!BasicCredentials.TryRead(header, out var credentials))
        {
            return LogonOutcome.Refused;
        }

        // What was good before, and is only asked for again, takes nothing from what guessers have left.
        var wasGood = _cache.Contains(key);
        var began = _cache.Time.GetTimestamp();
        var (verification, refused) = Admit(key, credentials, address, wasGood);
        if (verification is null)
        {
            return refused!.Status == StatusCodes.Status429TooManyRequests && refused != Crowded ? await HoldAsync(refused, began).ConfigureAwait(false) : refused;
        }

        var outcome = await verification.Value.ConfigureAwait(false);
        if (outcome.IsSuccess)
        {
            _limiter.Succeeded(credentials.Name, address, tookAShare: !wasGood);
        }
        else
        {
            LogFailed(credentials.Name, address);
            if (!wasGood && !_limiter.MayTell(credentials.Name, address, out var wait))
            {
                return await HoldAsync(LogonOutcome.Limited(wait), began).ConfigureAwait(false);
            }
        }

        return outcome;
    }

    /// <summary>
    /// Keeps an answer back until a verification would be over, whether or not there was one: else the time would tell which names are
    /// known there. Not by hashing: whoever is limited must cost nothing.
    /// </summary>
    private async Task<LogonOutcome> HoldAsync(LogonOutcome limited, long began)
    {
        // Twice: of most waits for a turn, too.
        var hold = TimeSpan.FromTicks(2 * Volatile.Read(ref _hashTime));
        var left = (hold < LongestHold ? hold : LongestHold) - _cache.Time.GetElapsedTime(began);
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left, _cache.Time).ConfigureAwait(false);
        }

        return limited;
    }

    /// <summary>Lets a verification in. Under a lock: many at once would slip through between a look and a count.</summary>
    private (Lazy<Task<LogonOutcome>>? Verification, LogonOutcome? Refused) Admit(
        CredentialKey key, BasicCredentials credentials, IPAddress? address, bool wasGood)
    {
        if (!wasGood && !_limiter.TryTake(credentials.Name, address, out var wait))
        {
            LogLimited(credentials.Name, address);
            return (null, LogonOutcome.Limited(wait));
        }

        lock (_admission)
        {
            if (_running.TryGetValue(key, out var same))
            {
                return (same, null);
            }

            var isKnown = wasGood || _limiter.IsKnown(credentials.Name, address);
            if (_queue.TryEnter(FailedLogonLimiter.Normal(credentials.Name), CallerNetwork.Of(address), isKnown, out var isCrowded) is { } turn)
            {
                var verification = new Lazy<Task<LogonOutcome>>(() => HashAsync(key, credentials, turn));
                _running[key] = verification;
                return (verification, null);
            }

            if (!wasGood)
            {
                _limiter.Return(credentials.Name, address);
            }

            LogBusy();
            return (null, isCrowded ? Crowded : LogonOutcome.Busy);
        }
    }

    private async Task<LogonOutcome> HashAsync(CredentialKey key, BasicCredentials credentials, HashingTurn turn)
    {
        await turn.Begun.ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Hash(key, credentials)).ConfigureAwait(false);
        }
        finally
        {
            lock (_admission)
            {
                _running.TryRemove(key, out _);
                _queue.Leave(turn);
            }
        }
    }

    private LogonOutcome Hash(CredentialKey key, BasicCredentials credentials)
    {
        // Between the first look and its own verification somebody else's may have ended.
        if (_cache.TryGet(key, out var credential))
        {
            return credential.Outcome;
        }

        var began = _cache.Time.GetTimestamp();

        // An unknown name is verified against somebody's hash, whatever comes of it, to take the same time.
        var isKnown = _users.TryFind(credentials.Name, out var account);
        account ??= _users.Any;
        var isGood = account is not null
            && _hasher.VerifyHashedPassword(account, account.PasswordHash, credentials.Password) != PasswordVerificationResult.Failed;
        var accepted = Accept(isKnown && isGood ? account : null, credentials);
        Volatile.Write(ref _hashTime, _cache.Time.GetElapsedTime(began).Ticks);
        if (accepted is not { } verified)
        {
            _cache.Remove(key);
            return LogonOutcome.Refused;
        }

        _cache.Add(key, verified);
        return verified.Outcome;
    }

    private VerifiedCredential? Accept(UserAccount? account, BasicCredentials credentials)
    {
        if (account is not null)
        {
            return new AccountCredential(account);
        }

        return OperatingSystem.IsWindows() && WindowsLogon.TryLogOn(credentials) is { } caller
            ? new WindowsCredential(caller)
            {
                VerifyAgain = _cache.Now + WindowsCredential.VerifiedFor,
                Expires = _cache.Now + WindowsCredential.Lifetime,
                RenewFrom = _cache.Now + WindowsCredential.Lifetime - WindowsCredential.RenewalTime,
            }
            : null;
    }
}
