using ClientFailover.Client.Collection;
using ClientFailover.Client.Timing;

namespace ClientFailover.Client.Egress;

/// <summary>Responsible for handing the role over in order: finishes what is in flight, and says where it stopped.</summary>
internal sealed class Drain(Ledger ledger, TimeProvider time)
{
    /// <summary>The rest of the time is for the acknowledgement to arrive.</summary>
    private const double Share = 0.8;

    /// <summary>How much of the time a successor that waits warm or cold is given to begin.</summary>
    private const double Overlap = 0.4;

    /// <summary>
    /// How long it is tried to be exact without anything being sent. One silent stream is enough to keep it from that, or a destination that only this adapter
    /// does not reach, and meanwhile nobody sends what is later; the time that is left may be a whole failover timeout. A stream that is only slow is given
    /// as much as a service's usual time to drain leaves.
    /// </summary>
    private static readonly TimeSpan LongestStandstill = TimeSpan.FromSeconds(4);

    private readonly Signal _signal = new(time);

    /// <summary>Whether it waits and nothing has woken it.</summary>
    internal bool IsIdle => _signal.IsAwaited;

    /// <summary>Something was sent or collected.</summary>
    public void Wake() => _signal.Set();

    /// <summary>Hands over.</summary>
    public async Task<DateTimeOffset?> RunAsync(DrainOrder order, CancellationToken cancellation)
    {
        using var registration = cancellation.UnsafeRegister(static d => ((Drain)d!).Wake(), this);
        var begin = time.GetTimestamp();
        if (ledger.OverlapsHandover)
        {
            while (!cancellation.IsCancellationRequested && Left(order.TimeLeft * Overlap) is { Ticks: > 0 } left)
            {
                await _signal.WaitAsync(left).ConfigureAwait(false);
            }
        }

        if (ledger.BeginDrain())
        {
            var (progress, waitsSince) = (ledger.Egressed, time.GetElapsedTime(begin));
            while (!cancellation.IsCancellationRequested)
            {
                if (ledger.TryCut() is { } cut)
                {
                    return cut;
                }

                if (ledger.Egressed is var egressed && egressed != progress)
                {
                    (progress, waitsSince) = (egressed, time.GetElapsedTime(begin));
                }

                var (limit, enough) = (order.TimeLeft * Share, waitsSince + LongestStandstill);
                if (Left(enough < limit ? enough : limit) is not { Ticks: > 0 } left)
                {
                    break;
                }

                await _signal.WaitAsync(left).ConfigureAwait(false);
            }
        }

        var watermark = ledger.EndDrain();
        while (!cancellation.IsCancellationRequested && ledger.IsSending)
        {
            await _signal.WaitAsync().ConfigureAwait(false);
        }

        return ledger.IsSending ? null : watermark;

        TimeSpan Left(TimeSpan until) => until - time.GetElapsedTime(begin);
    }
}
