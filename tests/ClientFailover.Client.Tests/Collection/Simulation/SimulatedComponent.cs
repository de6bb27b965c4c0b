using System.Buffers.Binary;

namespace ClientFailover.Client.Tests.Collection.Simulation;

/// <summary>Responsible for a component whose source may be lost, at once or seen late.</summary>
internal sealed class SimulatedComponent(SimulatedNode node, int number, IReadOnlyList<string> streams) : IAdapterComponent
{
    private readonly Lock _sync = new();
    private IComponentContext? _context;
    private TaskCompletionSource? _collecting;
    private CancellationToken _cancellation;

    public string Name => $"c{number}";

    /// <summary>Whether the source cannot be reached.</summary>
    public bool IsLost { get; set; }

    /// <summary>Whether it collects, and nothing has ended that.</summary>
    public bool IsCollecting
    {
        get
        {
            lock (_sync)
            {
                return _collecting is { Task.IsCompleted: false } && !_cancellation.IsCancellationRequested;
            }
        }
    }

    public Task StartAsync(IComponentContext context, CancellationToken cancellation)
    {
        _context = context;
        context.SelectStreams(streams);
        return Task.CompletedTask;
    }

    public Task ConnectAsync(CancellationToken cancellation) =>
        IsLost ? Task.FromException(new IOException("The source cannot be reached.")) : Task.CompletedTask;

    public async Task CollectAsync(CancellationToken cancellation)
    {
        var collecting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_sync)
        {
            (_collecting, _cancellation) = (collecting, cancellation);
        }

        using var registration = cancellation.UnsafeRegister(_ => collecting.TrySetCanceled(), null);
        await collecting.Task;
    }

    public Task StopAsync(CancellationToken cancellation)
    {
        lock (_sync)
        {
            _collecting = null;
        }

        return Task.CompletedTask;
    }

    /// <summary>A value arrives.</summary>
    public void Take(Value value)
    {
        if (IsLost || !IsCollecting)
        {
            return;
        }

        value.CollectedBy.Add((node, node.Life));
        var payload = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(payload, value.Id);
        _context!.Publish(value.Stream, NodeClock.Origin + value.Time, payload);
    }

    /// <summary>The loss of the source is seen.</summary>
    public void See()
    {
        TaskCompletionSource? collecting;
        lock (_sync)
        {
            collecting = _collecting;
        }

        collecting?.TrySetException(new IOException("The source was lost."));
    }
}
