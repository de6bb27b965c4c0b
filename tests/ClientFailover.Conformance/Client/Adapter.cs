using ClientFailover.Client;
using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Client;

/// <summary>An adapter on the client library, in this process.</summary>
internal sealed class Adapter : IAsyncDisposable
{
    /// <summary>Makes and starts one.</summary>
    /// <param name="service">The service.</param>
    /// <param name="group">Its group.</param>
    /// <param name="session">Its session.</param>
    /// <param name="transport">How it speaks.</param>
    /// <param name="change">What else to configure.</param>
    public Adapter(RunningService service, string group, string session, FailoverTransport transport, Action<FailoverOptions>? change = null)
    {
        var options = Options(service, group, session, transport);
        change?.Invoke(options);
        Client = new FailoverClient(options, Member);
        Client.Start();
    }

    /// <summary>What it does.</summary>
    public Member Member { get; } = new();

    /// <summary>The library.</summary>
    public FailoverClient Client { get; }

    /// <summary>How an adapter is configured for a service.</summary>
    public static FailoverOptions Options(RunningService service, string group, string session, FailoverTransport transport) => new()
    {
        FailoverGroupId = group,
        SessionId = session,
        FailoverTimeout = CallerActions.Long,
        Endpoint = new Uri(service.Tls, "/api/v1/clientfailover"),
        TrustedCertificateFile = Directory.EnumerateFiles(Path.Combine(service.DataDirectory, "Certificates"), "*.crt").Single(),
        UserName = service.Administrator.Name,
        Password = service.Administrator.Password,
        Transport = transport,
    };

    /// <summary>Waits until its role is what a test wants.</summary>
    public async Task<RoleState> UntilAsync(Func<RoleState, bool> wanted)
    {
        using var patience = new CancellationTokenSource(RunningService.Patience);
        await foreach (var state in Client.RoleChangesAsync(patience.Token))
        {
            if (wanted(state))
            {
                return state;
            }
        }

        throw new AssertionException("The client has stopped.");
    }

    /// <summary>Waits until it has a role.</summary>
    public Task<RoleState> UntilAsync(FailoverRole role) => UntilAsync(s => s.Role == role);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Client.DisposeAsync();
}
