using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Conformance.Running;

/// <summary>Responsible for following one group, so that a test can wait for what happens in it.</summary>
internal sealed class Watcher : IDisposable
{
    private readonly CancellationTokenSource _patience;
    private readonly AsyncServerStreamingCall<V1.WatchEventsResponse> _call;

    private Watcher(Caller caller, V1.WatchEventsRequest request, TimeSpan patience)
    {
        _patience = new CancellationTokenSource(patience);
        _call = caller.Events.WatchEvents(request, cancellationToken: _patience.Token);
    }

    /// <summary>Opens a watch; nothing is read yet.</summary>
    public static Watcher Open(Caller caller, V1.WatchEventsRequest request, TimeSpan? patience = null) =>
        new(caller, request, patience ?? RunningService.Patience);

    /// <summary>Opens a watch of one group and reads its snapshot.</summary>
    public static async Task<Watcher> StartAsync(Caller caller, string group)
    {
        var watcher = Open(caller, new V1.WatchEventsRequest { Group = group });
        while (!(await watcher.NextAsync()).SnapshotComplete)
        {
        }

        return watcher;
    }

    /// <summary>The next update.</summary>
    public async Task<V1.WatchEventsResponse> NextAsync()
    {
        Assert.That(await _call.ResponseStream.MoveNext(_patience.Token), Is.True, "The watch goes on.");
        return _call.ResponseStream.Current;
    }

    /// <summary>Waits for an event.</summary>
    /// <param name="reason">Its reason.</param>
    /// <param name="session">Its session.</param>
    public async Task<V1.Event> UntilAsync(V1.Reason reason, string? session = null) =>
        await UntilAsync(e => e.Reason == reason && (session is null || e.SessionId == session));

    /// <summary>Waits for an event.</summary>
    public async Task<V1.Event> UntilAsync(Func<V1.Event, bool> wanted)
    {
        while (true)
        {
            if ((await NextAsync()).Event is { } happened && wanted(happened))
            {
                return happened;
            }
        }
    }

    /// <summary>Reads until the service ends the watch.</summary>
    /// <returns>How it ended.</returns>
    public async Task<RpcException> EndAsync()
    {
        try
        {
            while (await _call.ResponseStream.MoveNext(_patience.Token))
            {
            }
        }
        catch (RpcException end)
        {
            return end;
        }

        throw new AssertionException("The watch ended as if it were complete.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _call.Dispose();
        _patience.Dispose();
    }
}
