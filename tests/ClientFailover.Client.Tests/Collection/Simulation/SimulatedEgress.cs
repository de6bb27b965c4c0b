using System.Buffers.Binary;

namespace ClientFailover.Client.Tests.Collection.Simulation;

/// <summary>Responsible for the way of a node to the destination: it takes time, may be cut, and then it is not known what arrived.</summary>
internal sealed class SimulatedEgress(VirtualWorld world, NodeClock clock, List<Value> values) : IEgress
{
    private static readonly TimeSpan Flight = TimeSpan.FromMilliseconds(20);

    private readonly Lock _sync = new();
    private TaskCompletionSource? _sending;
    private CancellationToken _cancellation;

    public bool IsCut { get; set; }

    /// <summary>Whether a batch is under way, and nothing has ended that.</summary>
    public bool IsSending
    {
        get
        {
            lock (_sync)
            {
                return _sending is { Task.IsCompleted: false } && !_cancellation.IsCancellationRequested;
            }
        }
    }

    public async Task SendAsync(IReadOnlyList<DataItem> items, EgressContext context, CancellationToken cancellation)
    {
        var ids = items.Select(i => BinaryPrimitives.ReadInt32LittleEndian(i.Payload.Span)).ToList();
        var arrives = !IsCut || ids[0] % 3 == 0;
        var sending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_sync)
        {
            (_sending, _cancellation) = (sending, cancellation);
        }

        using var registration = cancellation.UnsafeRegister(_ => sending.TrySetCanceled(), null);
        var fails = IsCut;
        world.After(Flight, () =>
        {
            if (arrives)
            {
                ids.ForEach(id => values[id].Received++);
            }

            clock.Do(() =>
            {
                _ = fails ? sending.TrySetException(new IOException("The destination cannot be reached.")) : sending.TrySetResult();
            });
        });
        await sending.Task;
    }
}
