using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ClientFailover.Client.Tests.Connection.Servers;

/// <summary>One adapter stream, seen from the server.</summary>
/// <param name="requests">What the adapter says.</param>
/// <param name="responses">What it is told.</param>
/// <param name="hello">What it said first.</param>
internal sealed class ServerStream(IAsyncStreamReader<V1.AdapterMessage> requests, IServerStreamWriter<V1.ServiceMessage> responses, V1.Hello hello)
{
    private readonly Channel<V1.AdapterMessage> _said = Channel.CreateUnbounded<V1.AdapterMessage>();
    private readonly TaskCompletionSource<Status> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public V1.Hello Hello => hello;

    /// <summary>As a service does.</summary>
    public bool EndsOnGoodbye { get; set; } = true;

    /// <summary>Done when the adapter has gone.</summary>
    public Task Gone => _gone.Task;

    public async Task RunAsync(CancellationToken gone)
    {
        _ = ReadAsync();
        var end = await _end.Task.WaitAsync(gone);
        if (end.StatusCode != StatusCode.OK)
        {
            throw new RpcException(end);
        }
    }

    public Task WelcomeAsync(V1.Role role, long term, TimeSpan? failoverTimeout = null) => TellAsync(new V1.ServiceMessage
    {
        Welcome = new V1.Welcome
        {
            Group = new V1.GroupConfiguration { Id = hello.Group.Id, FailoverTimeout = Duration.FromTimeSpan(failoverTimeout ?? TimeSpan.FromSeconds(60)) },
            HeartbeatInterval = Duration.FromTimeSpan((failoverTimeout ?? TimeSpan.FromSeconds(60)) / 3),
            Role = role,
            Term = term,
        },
    });

    public Task ReplyAsync(V1.StreamHeartbeat heartbeat, V1.Role role, long term) => TellAsync(new V1.ServiceMessage
    {
        HeartbeatReply = new V1.StreamHeartbeatReply { Sequence = heartbeat.Sequence, Role = role, Term = term },
    });

    public Task TellAsync(V1.ServiceMessage message) => responses.WriteAsync(message);

    public void End(StatusCode code, string detail = "") => _end.TrySetResult(new Status(code, detail));

    /// <summary>The next thing the adapter says.</summary>
    public Task<V1.AdapterMessage> NextAsync() => _said.Reader.ReadAsync().AsTask().Soon();

    /// <summary>The next heartbeat.</summary>
    public async Task<V1.StreamHeartbeat> BeatAsync()
    {
        while (true)
        {
            if ((await NextAsync()).Heartbeat is { } heartbeat)
            {
                return heartbeat;
            }
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await requests.MoveNext())
            {
                _said.Writer.TryWrite(requests.Current);
                if (requests.Current.Goodbye is not null && EndsOnGoodbye)
                {
                    End(StatusCode.OK);
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // It has gone.
        }

        _said.Writer.TryComplete();
        _gone.TrySetResult();
    }
}
