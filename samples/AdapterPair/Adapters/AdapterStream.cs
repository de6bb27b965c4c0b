using ClientFailover.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ClientFailover.Samples.AdapterPair.Adapters;

/// <summary>
/// Responsible for one stream: hello, a heartbeat every interval, an acknowledgement of each assignment, and goodbye.
/// One loop reads and writes, since a stream takes one write at a time.
/// </summary>
internal sealed class AdapterStream(
    AdapterFacet facet,
    HotBuffer buffer,
    AsyncDuplexStreamingCall<AdapterMessage, ServiceMessage> call,
    long? lastKnownTerm,
    Action<string> say)
{
    // All that this adapter collects is one signal, and it reads it.
    private const float Score = 100;

    private TimeSpan _margin = facet.FailoverTimeout / 2;
    private long _sequence;
    private bool _drained;

    /// <summary>
    /// The last term that the service told; null: none. An adapter that was restarted has none, and that is how the
    /// service knows that it has forgotten what it did.
    /// </summary>
    public long? Term { get; private set; } = lastKnownTerm;

    /// <summary>Takes part until the stream ends, or until it is stopped, when it leaves the group for good.</summary>
    /// <exception cref="RpcException">The stream broke, or the service refused it.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        await WriteAsync(new AdapterMessage { Hello = Hello() });
        var stopped = Task.Delay(Timeout.InfiniteTimeSpan, stop);
        var read = call.ResponseStream.MoveNext(CancellationToken.None);
        var beat = stopped; // None until the welcome says how often.
        var interval = Timeout.InfiniteTimeSpan;
        while (!stop.IsCancellationRequested)
        {
            await Task.WhenAny(read, beat, stopped);
            if (beat.IsCompleted && !stop.IsCancellationRequested)
            {
                beat = Task.Delay(interval, stop);
                await WriteAsync(new AdapterMessage { Heartbeat = Heartbeat() });
            }

            if (read.IsCompleted)
            {
                if (!await read)
                {
                    return;
                }

                var message = call.ResponseStream.Current;
                if (message.Welcome is { } welcome)
                {
                    interval = welcome.HeartbeatInterval.ToTimeSpan();
                    beat = Task.CompletedTask; // The first one at once: it makes this adapter a candidate.
                }

                await HandleAsync(message);
                read = call.ResponseStream.MoveNext(CancellationToken.None);
            }
        }

        await WriteAsync(new AdapterMessage { Goodbye = new Goodbye { Unregister = true } });
        await call.RequestStream.CompleteAsync();
        await ReadToEndAsync(read).WaitAsync(IAdapter.LeaveTimeout, CancellationToken.None)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task HandleAsync(ServiceMessage message)
    {
        switch (message.MessageCase)
        {
            case ServiceMessage.MessageOneofCase.Welcome:
                _margin = message.Welcome.Group.FailoverTimeout.ToTimeSpan() / 2;
                Assume(message.Welcome.Role, message.Welcome.Term, message.Welcome.LastDataProcessedTime);
                break;
            case ServiceMessage.MessageOneofCase.HeartbeatReply when _drained:
                break; // Still Primary by name, but only an assignment says who goes on.
            case ServiceMessage.MessageOneofCase.HeartbeatReply:
                Assume(message.HeartbeatReply.Role, message.HeartbeatReply.Term, message.HeartbeatReply.LastDataProcessedTime);
                break;
            case ServiceMessage.MessageOneofCase.Assignment when message.Assignment.DrainDeadline is not null:
                _drained = true;
                await AcknowledgeAsync(message.Assignment.Term, buffer.Drain());
                break;
            case ServiceMessage.MessageOneofCase.Assignment:
                _drained = false;
                Assume(message.Assignment.Role, message.Assignment.Term, message.Assignment.LastDataProcessedTime);
                await AcknowledgeAsync(message.Assignment.Term, final: null);
                break;
            case ServiceMessage.MessageOneofCase.Notice:
                say($"is told: {message.Notice.Message}");
                break;
        }
    }

    private void Assume(Role role, long term, Timestamp? lastDataProcessed)
    {
        Term = term;
        buffer.Assume(role, lastDataProcessed?.ToDateTimeOffset(), _margin);
    }

    private Hello Hello()
    {
        var hello = new Hello
        {
            Group = new GroupConfiguration
            {
                Id = facet.FailoverGroupId,
                FailoverTimeout = facet.FailoverTimeout.ToDuration(),
            },
            SessionId = facet.SessionId,
            SessionName = facet.SessionName,
            Mode = FailoverMode.Hot,
        };
        if (Term is { } term)
        {
            hello.LastKnownTerm = term;
        }

        return hello;
    }

    private StreamHeartbeat Heartbeat() => new()
    {
        Sequence = ++_sequence,
        FailoverScore = Score,
        LastDataProcessedTime = buffer.LastDataProcessed?.ToTimestamp(),
        AdapterTime = DateTimeOffset.UtcNow.ToTimestamp(),
    };

    private Task AcknowledgeAsync(long term, DateTimeOffset? final) => WriteAsync(new AdapterMessage
    {
        Acknowledgement = new RoleAcknowledgement
        {
            Term = term,
            FinalLastDataProcessedTime = final?.ToTimestamp(),
        },
    });

    private Task WriteAsync(AdapterMessage message) => call.RequestStream.WriteAsync(message);

    private async Task ReadToEndAsync(Task<bool> read)
    {
        while (await read)
        {
            read = call.ResponseStream.MoveNext(CancellationToken.None);
        }
    }
}
