namespace ClientFailover.Service.Limits;

/// <summary>
/// Responsible for how much memory is taken for each caller by what it does not finish, and for how long. In the web server nothing bounds that: it
/// lets more be sent as soon as what came was looked at, and what it knows of slowness is an average over all that a connection ever did.
/// </summary>
/// <param name="most">How many bytes one caller may have taken; a single thing may take more; 0: no limit.</param>
/// <param name="time">The clock.</param>
internal sealed class CallerBacklog(long most, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _sync = new();
    private readonly Dictionary<CallerKey, CallerShare> _shares = [];
    private ITimer? _sweeping;

    /// <summary>How many callers are known.</summary>
    public int Count
    {
        get
        {
            lock (_sync)
            {
                return _shares.Count;
            }
        }
    }

    /// <summary>Adds something that takes nothing yet.</summary>
    /// <param name="entry">It.</param>
    /// <param name="caller">Whose it is.</param>
    /// <param name="within">How long it may take; it is ended up to a second later.</param>
    public void Enter(BacklogEntry entry, CallerKey caller, TimeSpan within)
    {
        lock (_sync)
        {
            var share = Find(caller);
            Put(entry, share, within);
            share.Empty.AddLast(entry.Place);
        }
    }

    /// <summary>Adds something whose size is known, unless its caller has too much already.</summary>
    /// <param name="entry">It.</param>
    /// <param name="caller">Whose it is.</param>
    /// <param name="bytes">How much it takes.</param>
    /// <param name="within">How long it may take; it is ended up to a second later.</param>
    /// <returns>Whether it was added.</returns>
    public bool TryEnter(BacklogEntry entry, CallerKey caller, long bytes, TimeSpan within)
    {
        lock (_sync)
        {
            var share = Find(caller);
            if (most > 0 && share.Bytes > 0 && share.Bytes + bytes > most)
            {
                return false;
            }

            Put(entry, share, within);
            entry.Bytes = bytes;
            share.Bytes += bytes;
            share.Holding.AddLast(entry.Place);
            return true;
        }
    }

    /// <summary>
    /// It takes more, or less. When its caller has too much, what has been there for longest is ended: that is nothing of those who finish what they
    /// begin, even if they share an account with others who do not.
    /// </summary>
    /// <param name="entry">It.</param>
    /// <param name="bytes">How much it takes now.</param>
    public void Hold(BacklogEntry entry, long bytes)
    {
        List<BacklogEntry>? crowded = null;
        lock (_sync)
        {
            if (entry.Share is not { } share || entry.Bytes == bytes)
            {
                return;
            }

            share.Bytes += bytes - entry.Bytes;
            entry.Bytes = bytes;
            if (entry.Place.List == share.Empty)
            {
                share.Empty.Remove(entry.Place);
                share.Holding.AddLast(entry.Place);
            }

            while (most > 0 && share.Bytes > most && share.Holding.First!.Value is var oldest && oldest.Bytes < share.Bytes)
            {
                Take(oldest);
                (crowded ??= []).Add(oldest);
            }
        }

        crowded?.ForEach(e => e.End(isLate: false));
    }

    /// <summary>It has finished, in whichever way.</summary>
    /// <param name="entry">It.</param>
    public void Leave(BacklogEntry entry)
    {
        lock (_sync)
        {
            Take(entry);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_sync)
        {
            _sweeping?.Dispose();
        }
    }

    private static void Take(BacklogEntry entry)
    {
        if (entry.Share is { } share)
        {
            share.Bytes -= entry.Bytes;
            entry.Place.List!.Remove(entry.Place);
            entry.Share = null;
        }
    }

    // A share stays until the next sweep: heartbeats come and go by the thousand.
    private CallerShare Find(CallerKey caller)
    {
        if (!_shares.TryGetValue(caller, out var share))
        {
            if (_shares.Count == 0)
            {
                _sweeping ??= time.CreateTimer(_ => Sweep(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _sweeping.Change(Interval, Interval);
            }

            _shares.Add(caller, share = new CallerShare());
        }

        return share;
    }

    private void Put(BacklogEntry entry, CallerShare share, TimeSpan within)
    {
        entry.Share = share;
        entry.DueAt = time.GetTimestamp() + (long)(within.TotalSeconds * time.TimestampFrequency);
    }

    private void Sweep()
    {
        var late = new List<BacklogEntry>();
        lock (_sync)
        {
            var now = time.GetTimestamp();
            foreach (var (caller, share) in _shares)
            {
                var first = late.Count;
                late.AddRange(share.Empty.Concat(share.Holding).Where(e => e.DueAt <= now));
                late.Skip(first).ToList().ForEach(Take);
                if (share.Empty.Count + share.Holding.Count == 0)
                {
                    _shares.Remove(caller);
                }
            }

            if (_shares.Count == 0)
            {
                _sweeping!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }

        late.ForEach(e => e.End(isLate: true));
    }
}
