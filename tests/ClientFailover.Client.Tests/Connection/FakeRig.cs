using ClientFailover.Client.Testing;

namespace ClientFailover.Client.Tests.Connection;

/// <summary>A client in virtual time that speaks to the fake.</summary>
internal sealed class FakeRig : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 11, 23, 2, 53, 8, TimeSpan.Zero);

    public FakeRig(Action<FailoverOptions>? change = null)
    {
        Options = new FailoverOptions
        {
            FailoverGroupId = "group",
            SessionId = "a",
            FailoverTimeout = TimeSpan.FromSeconds(60),
            Endpoint = new Uri("https://failover.example/api/v1/clientfailover"),
        };
        change?.Invoke(Options);
        Service = new FakeFailoverService(Time);
        Client = new FailoverClient(Options, Member, Time, Log, Service);
    }

    public TimerTime Time { get; } = new(Start);

    public FailoverOptions Options { get; }

    public TestMember Member { get; } = new();

    public RecordingLog Log { get; } = new();

    public FakeFailoverService Service { get; }

    public FailoverClient Client { get; }

    public FakeSession Session { get; private set; } = null!;

    /// <summary>Starts it, and waits until its first heartbeat was answered.</summary>
    public async Task<FakeSession> JoinAsync()
    {
        Client.Start();
        Session = await Service.ConnectedAsync().Soon();
        await BeatAsync();
        return Session;
    }

    /// <summary>Starts it and makes it Primary.</summary>
    public async Task<FakeSession> JoinAsPrimaryAsync()
    {
        await JoinAsync();
        await Session.AssignAsync(FailoverRole.Primary, "OnlyClientInGroup").Soon();
        return Session;
    }

    /// <summary>The next heartbeat, once its answer is in the member's hands.</summary>
    public Task<FakeHeartbeat> BeatAsync() => Session.NextHeartbeatAsync().Soon();

    public ValueTask DisposeAsync() => Client.DisposeAsync();
}
