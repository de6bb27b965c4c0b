using ClientFailover.Samples.AdapterPair.Signal;
using ClientFailover.V1;

namespace ClientFailover.Samples.AdapterPair.Adapters;

/// <summary>
/// Responsible for no sample of a hot adapter being lost: a Primary appends each at once, a Secondary keeps each
/// until it is known to be safe, and appends the rest when it is promoted.
/// </summary>
internal sealed class HotBuffer(Destination destination, Action<string> say)
{
    /// <summary>How it starts to say which role it has taken.</summary>
    public const string RoleTaken = "is ";

    private readonly Lock _gate = new();
    private readonly Queue<Sample> _samples = new();
    private DateTimeOffset? _lastDataProcessed;
    private Role? _role;

    /// <summary>When the last sample that was appended had been received; null if none was.</summary>
    public DateTimeOffset? LastDataProcessed
    {
        get
        {
            lock (_gate)
            {
                return _lastDataProcessed;
            }
        }
    }

    /// <summary>Takes a new sample of the source.</summary>
    public void Collect(Sample sample)
    {
        lock (_gate)
        {
            _samples.Enqueue(sample);
            if (_role == Role.Primary)
            {
                Egress();
            }
        }
    }

    /// <summary>Does what the service said.</summary>
    /// <param name="role">The role from now on.</param>
    /// <param name="lastDataProcessed">Time of the last data that a Primary is known to have egressed.</param>
    /// <param name="margin">
    /// By how much that time may be off: it is a Primary's time of receipt, and this adapter received the same data
    /// at another time. A margin too great costs duplicates, one too small costs data.
    /// </param>
    public void Assume(Role role, DateTimeOffset? lastDataProcessed, TimeSpan margin)
    {
        // Only a Secondary is ever on its way to Primary, and on the way nothing changes for it.
        if (role == Role.PendingPrimary)
        {
            role = Role.Secondary;
        }

        lock (_gate)
        {
            while (_samples.TryPeek(out var oldest) && oldest.Received <= lastDataProcessed - margin)
            {
                _samples.Dequeue();
            }

            var buffered = _samples.Count;
            if (role == Role.Primary)
            {
                Egress();
            }

            if (role != _role)
            {
                _role = role;
                say(RoleTaken + (role == Role.Primary ? $"Primary, and appended {buffered} buffered samples" : "Secondary, and buffers"));
            }
        }
    }

    /// <summary>Appends nothing more, and keeps new samples until the next role.</summary>
    /// <returns>What <see cref="LastDataProcessed"/> will stay at.</returns>
    public DateTimeOffset? Drain()
    {
        lock (_gate)
        {
            // Every sample was appended as it came: nothing is in flight.
            _role = Role.Secondary;
            say("has drained, and buffers");
            return _lastDataProcessed;
        }
    }

    private void Egress()
    {
        while (_samples.TryPeek(out var sample))
        {
            destination.Append(sample);
            _samples.Dequeue();
            _lastDataProcessed = sample.Received;
        }
    }
}
