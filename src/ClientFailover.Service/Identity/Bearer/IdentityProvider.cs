using ClientFailover.Service.Hosting;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace ClientFailover.Service.Identity.Bearer;

/// <summary>
/// Responsible for what the identity provider publishes: its name and its keys. They are read when the first token comes, again
/// every ten minutes, and when a token comes with a key that is not known, but not more than every ten seconds. While the provider
/// cannot be reached, what was read last goes on counting.
/// </summary>
internal sealed class IdentityProvider : IDisposable
{
    /// <summary>How often it is read: as long a key counts that was withdrawn.</summary>
    public static readonly TimeSpan RefreshEvery = TimeSpan.FromMinutes(10);

    private const int LongestDocument = 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly HttpClient _client = new() { Timeout = Patience, MaxResponseContentBufferSize = LongestDocument };
    private readonly TimeProvider _time;
    private long _failed = long.MinValue;
    private long _asked = long.MinValue;
    private volatile PublishedKeys? _keys;

    /// <summary>Knows where it is; asks nothing yet.</summary>
    /// <param name="options">Where it is.</param>
    /// <param name="time">The clock.</param>
    public IdentityProvider(ServiceOptions options, TimeProvider time)
        : this(options, time, null)
    {
    }

    /// <summary>Knows where it is; asks nothing yet.</summary>
    /// <param name="options">Where it is.</param>
    /// <param name="time">The clock.</param>
    /// <param name="documents">Asks; null: by HTTP.</param>
    internal IdentityProvider(ServiceOptions options, TimeProvider time, IDocumentRetriever? documents)
    {
        // Without it, the token that brings news of a new key would be refused, and only later ones be taken.
        AppContext.SetSwitch("Switch.Microsoft.IdentityModel.UpdateConfigAsBlocking", true);
        _time = time;
        Published = new ConfigurationManager<OpenIdConnectConfiguration>(
            $"{options.BearerAuthority.TrimEnd('/')}/.well-known/openid-configuration",
            new OpenIdConnectConfigurationRetriever(),
            documents ?? new HttpDocumentRetriever(_client) { RequireHttps = options.BearerRequireHttps })
        {
            // The library's own, for where nobody looks after streams. By the clock of this service it is read more often.
            AutomaticRefreshInterval = TimeSpan.FromHours(1),
            RefreshInterval = TimeSpan.FromSeconds(10),

            // Else keys that were withdrawn go on counting for an hour, as those of what was published before.
            UseLastKnownGoodConfiguration = false,
        };
    }

    /// <summary>What it publishes.</summary>
    public ConfigurationManager<OpenIdConnectConfiguration> Published { get; }

    /// <summary>The keys that it published when it was read last; another object when they may have changed. Null: never.</summary>
    public PublishedKeys? Keys => _keys;

    /// <summary>Makes sure that it has been read once.</summary>
    /// <returns>Null: it has; else why not.</returns>
    public async Task<Exception?> ReadAsync()
    {
        // Callers queue for the one that asks: were it asked for each of them, they would queue for minutes.
        if (Volatile.Read(ref _failed) is var failed and not long.MinValue && _time.GetElapsedTime(failed) < Pause)
        {
            return new InvalidOperationException("It was asked a moment ago, in vain.");
        }

        try
        {
            var configuration = await Published.GetConfigurationAsync(CancellationToken.None).ConfigureAwait(false);
            if (_keys?.Of != configuration)
            {
                _keys = new PublishedKeys(configuration);
            }

            Interlocked.CompareExchange(ref _asked, _time.GetTimestamp(), long.MinValue);
            Volatile.Write(ref _failed, long.MinValue);
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or HttpRequestException or OperationCanceledException)
        {
            Volatile.Write(ref _failed, _time.GetTimestamp());
            return e;
        }
    }

    /// <summary>Has it read again when that is due. Costs next to nothing when called often; waits for nothing.</summary>
    /// <returns>Completes when it has been read, if it is.</returns>
    public Task RefreshAsync()
    {
        var asked = Volatile.Read(ref _asked);
        if (asked == long.MinValue || _time.GetElapsedTime(asked) < RefreshEvery
            || Interlocked.CompareExchange(ref _asked, _time.GetTimestamp(), asked) != asked)
        {
            return Task.CompletedTask;
        }

        Published.RequestRefresh();
        return Task.Run(ReadAsync);
    }

    /// <summary>Releases what it holds.</summary>
    public void Dispose() => _client.Dispose();
}

/// <summary>The keys that an identity provider published at some time.</summary>
/// <param name="of">What it published.</param>
internal sealed class PublishedKeys(OpenIdConnectConfiguration of)
{
    private readonly HashSet<string> _names = [.. of.SigningKeys.Select(NameOf).OfType<string>()];

    /// <summary>What it published.</summary>
    public OpenIdConnectConfiguration Of { get; } = of;

    /// <summary>What tells a key from others, whatever the provider calls it.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Its thumbprint (RFC 7638); null: it has none.</returns>
    public static string? NameOf(SecurityKey? key) => key?.CanComputeJwkThumbprint() == true ? Base64UrlEncoder.Encode(key.ComputeJwkThumbprint()) : null;

    /// <summary>Whether a key is among them.</summary>
    /// <param name="name">Its thumbprint.</param>
    /// <returns>Whether it is.</returns>
    public bool Contain(string name) => _names.Contains(name);
}
