using ClientFailover.Conformance.Running;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Conformance.Streams;

/// <summary>Responsible for one adapter's stream: sends what a test says, and sorts what comes.</summary>
internal sealed class AdapterStream : IDisposable
{
    private readonly CancellationTokenSource _patience = new(RunningService.Patience);
    private readonly AsyncDuplexStreamingCall<V1.AdapterMessage, V1.ServiceMessage> _call;
    private readonly Queue<V1.RoleAssignment> _assignments = new();
    private readonly Queue<V1.StreamHeartbeatReply> _replies = new();
    private readonly Queue<V1.Notice> _notices = new();
    private long _sequence;

    private AdapterStream(Caller caller) => _call = caller.Adapters.Connect(cancellationToken: _patience.Token);

    /// <summary>The answer to hello.</summary>
    public V1.Welcome Welcome { get; private set; } = new();

    /// <summary>Whether an assignment has come that no test has asked for.</summary>
    public bool HasAssignment => _assignments.Count > 0;

    /// <summary>Opens a stream and says nothing.</summary>
    public static AdapterStream Open(Caller caller) => new(caller);

    /// <summary>Opens a stream, says hello and is welcomed.</summary>
    /// <param name="caller">Over which connection.</param>
    /// <param name="group">The group.</param>
    /// <param name="session">The session.</param>
    /// <param name="change">What to change about the hello.</param>
    public static async Task<AdapterStream> JoinAsync(Caller caller, string group, string session, Action<V1.Hello>? change = null)
    {
        var hello = NewHello(group, session);
        change?.Invoke(hello);
        var stream = new AdapterStream(caller);
        await stream.SendAsync(new V1.AdapterMessage { Hello = hello });
        stream.Welcome = (await stream.NextAsync()).Welcome;
        Assert.That(stream.Welcome, Is.Not.Null, "The first message is the welcome.");
        return stream;
    }

    /// <summary>Joins as the group's first session, and becomes Primary.</summary>
    public static async Task<AdapterStream> JoinAsPrimaryAsync(Caller caller, string group, string session, Action<V1.Hello>? change = null)
    {
        var stream = await JoinAsync(caller, group, session, change);
        await stream.BeatAsync(50);
        await stream.RoleAsync(V1.Role.Primary);
        return stream;
    }

    /// <summary>A hello with the least that it needs.</summary>
    public static V1.Hello NewHello(string group, string session) => new()
    {
        Group = new V1.GroupConfiguration { Id = group, FailoverTimeout = Duration.FromTimeSpan(CallerActions.Long) },
        SessionId = session,
    };

    /// <summary>Sends a message.</summary>
    public Task SendAsync(V1.AdapterMessage message) => _call.RequestStream.WriteAsync(message, _patience.Token);

    /// <summary>Sends a heartbeat and does not wait for its reply.</summary>
    /// <returns>Its sequence.</returns>
    public async Task<long> BeatAsync(float score, DateTime? lastDataProcessedTime = null)
    {
        await SendAsync(new V1.AdapterMessage
        {
            Heartbeat = new V1.StreamHeartbeat
            {
                Sequence = ++_sequence,
                FailoverScore = score,
                LastDataProcessedTime = lastDataProcessedTime?.ToTimestamp(),
            },
        });
        return _sequence;
    }

    /// <summary>Sends a heartbeat and waits for its reply.</summary>
    public async Task<V1.StreamHeartbeatReply> BeatAndReadAsync(float score, DateTime? lastDataProcessedTime = null) =>
        await ReplyAsync(await BeatAsync(score, lastDataProcessedTime));

    /// <summary>Acknowledges an assignment.</summary>
    public Task AcknowledgeAsync(long term, DateTime? final = null) => SendAsync(new V1.AdapterMessage
    {
        Acknowledgement = new V1.RoleAcknowledgement { Term = term, FinalLastDataProcessedTime = final?.ToTimestamp() },
    });

    /// <summary>Says goodbye.</summary>
    public Task LeaveAsync(bool unregister) => SendAsync(new V1.AdapterMessage { Goodbye = new V1.Goodbye { Unregister = unregister } });

    /// <summary>The next message, whatever it is.</summary>
    public async Task<V1.ServiceMessage> NextAsync()
    {
        Assert.That(await _call.ResponseStream.MoveNext(_patience.Token), Is.True, "The stream goes on.");
        return _call.ResponseStream.Current;
    }

    /// <summary>Waits for the reply to a heartbeat.</summary>
    public Task<V1.StreamHeartbeatReply> ReplyAsync(long sequence) => TakeAsync(_replies, r => r.Sequence == sequence);

    /// <summary>Waits for the next assignment.</summary>
    public Task<V1.RoleAssignment> AssignmentAsync() => TakeAsync(_assignments, _ => true);

    /// <summary>Waits for an assignment to a role, which is no order to drain.</summary>
    public Task<V1.RoleAssignment> RoleAsync(V1.Role role) => TakeAsync(_assignments, a => a.Role == role && a.DrainDeadline is null);

    /// <summary>Waits for the order to drain.</summary>
    public Task<V1.RoleAssignment> DrainOrderAsync() => TakeAsync(_assignments, a => a.DrainDeadline is not null);

    /// <summary>Waits for a notice.</summary>
    public Task<V1.Notice> NoticeAsync() => TakeAsync(_notices, _ => true);

    /// <summary>Reads to the end.</summary>
    /// <returns>How it ended; OK is an answer, too.</returns>
    public async Task<RpcException> EndAsync()
    {
        try
        {
            while (await _call.ResponseStream.MoveNext(_patience.Token))
            {
                Sort(_call.ResponseStream.Current);
            }

            return new RpcException(_call.GetStatus());
        }
        catch (RpcException end)
        {
            return end;
        }
    }

    /// <summary>Ends what this side sends, without goodbye.</summary>
    public Task CompleteAsync() => _call.RequestStream.CompleteAsync();

    /// <inheritdoc/>
    public void Dispose()
    {
        _call.Dispose();
        _patience.Dispose();
    }

    private async Task<T> TakeAsync<T>(Queue<T> queue, Func<T, bool> wanted)
    {
        while (true)
        {
            while (queue.TryDequeue(out var item))
            {
                if (wanted(item))
                {
                    return item;
                }
            }

            Sort(await NextAsync());
        }
    }

    private void Sort(V1.ServiceMessage message)
    {
        switch (message.MessageCase)
        {
            case V1.ServiceMessage.MessageOneofCase.Assignment:
                _assignments.Enqueue(message.Assignment);
                break;
            case V1.ServiceMessage.MessageOneofCase.HeartbeatReply:
                _replies.Enqueue(message.HeartbeatReply);
                break;
            case V1.ServiceMessage.MessageOneofCase.Notice:
                _notices.Enqueue(message.Notice);
                break;
            default:
                Assert.Fail($"{message.MessageCase} comes once, and first.");
                break;
        }
    }
}
