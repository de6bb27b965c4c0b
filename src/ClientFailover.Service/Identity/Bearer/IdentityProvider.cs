using ClientFailover.Service.Hosting;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace ClientFailover.Service.Identity.Bearer;

/// <summary>
/// Responsible for what the identity provider publishes: its name and its keys. They are read when the first token comes, again
/// each hour, and when a token comes with a key that is not known, but not more than every ten seconds. While the provider cannot be reached,
/// what was read last goes on counting.
/// </summary>
internal sealed class IdentityProvider : IDisposable
{
    private const int LongestDocument = 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly HttpClient _client = new() { Timeout = Patience, MaxResponseContentBufferSize = LongestDocument };
    private readonly TimeProvider _time;
    private long _failed = long.MinValue;

    /// <summary>Knows where it is; asks nothing yet.</summary>
    /// <param name="options">Where it is.</param>
    /// <param name="time">The clock.</param>
    public IdentityProvider(ServiceOptions options, TimeProvider time)
    {
        // Without it, the token that brings news of a new key would be refused, and only later ones be taken.
        AppContext.SetSwitch("Switch.Microsoft.IdentityModel.UpdateConfigAsBlocking", true);
        _time = time;
        Published = new ConfigurationManager<OpenIdConnectConfiguration>(
            $"{options.BearerAuthority.TrimEnd('/')}/.well-known/openid-configuration",
            new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever(_client) { RequireHttps = options.BearerRequireHttps })
        {
            AutomaticRefreshInterval = TimeSpan.FromHours(1),
            RefreshInterval = TimeSpan.FromSeconds(10),
        };
    }

    /// <summary>What it publishes.</summary>
    public ConfigurationManager<OpenIdConnectConfiguration> Published { get; }

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
            await Published.GetConfigurationAsync(CancellationToken.None).ConfigureAwait(false);
            Volatile.Write(ref _failed, long.MinValue);
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or HttpRequestException or OperationCanceledException)
        {
            Volatile.Write(ref _failed, _time.GetTimestamp());
            return e;
        }
    }

    /// <summary>Releases what it holds.</summary>
    public void Dispose() => _client.Dispose();
}
