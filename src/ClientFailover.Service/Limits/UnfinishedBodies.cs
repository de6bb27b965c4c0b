using ClientFailover.Service.Hosting;

namespace ClientFailover.Service.Limits;

/// <summary>Responsible for the bodies of requests that have begun to come and have not ended: how many bytes of them there are of each caller, and for how long.</summary>
/// <param name="options">The limits.</param>
/// <param name="meter">Counts.</param>
/// <param name="time">The clock.</param>
internal sealed class UnfinishedBodies(ServiceOptions options, LimitMeter meter, TimeProvider time) : IDisposable
{
    private readonly CallerBacklog _backlog = new(options.MaxUnfinishedBytesPerCaller, time);

    /// <summary>Adds one of which nothing has come yet.</summary>
    /// <param name="entry">It.</param>
    /// <param name="caller">Whose it is.</param>
    public void Enter(BacklogEntry entry, CallerKey caller) => _backlog.Enter(entry, caller, options.RequestBodyTimeout);

    /// <summary>So much of one has come and waits.</summary>
    /// <param name="entry">It.</param>
    /// <param name="bytes">How much.</param>
    public void Hold(BacklogEntry entry, long bytes) => _backlog.Hold(entry, bytes);

    /// <summary>One has come, or is no longer waited for.</summary>
    /// <param name="entry">It.</param>
    public void Leave(BacklogEntry entry) => _backlog.Leave(entry);

    /// <summary>One was ended.</summary>
    public void Ended() => meter.Refused(LimitMeter.Bodies);

    /// <inheritdoc/>
    public void Dispose() => _backlog.Dispose();
}
