namespace ClientFailover.Client.Tests.Connection.Servers;

/// <summary>A client against a server on this machine.</summary>
internal sealed class Rig : IAsyncDisposable
{
    public Rig(Uri endpoint, Action<FailoverOptions>? change = null)
    {
        var options = new FailoverOptions
        {
            FailoverGroupId = "G",
            SessionId = "M.S",
            Name = "M S",
            FailoverTimeout = TimeSpan.FromMinutes(1),
            Endpoint = endpoint,
        };
        change?.Invoke(options);
        Client = new FailoverClient(options, Member, null, Log);
        Client.Start();
    }

    public TestMember Member { get; } = new();

    public RecordingLog Log { get; } = new();

    public FailoverClient Client { get; }

    public async ValueTask DisposeAsync() => await Client.DisposeAsync().AsTask().Soon();
}
