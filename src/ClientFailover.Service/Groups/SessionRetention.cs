using System.Globalization;
using ClientFailover.Engine;
using ClientFailover.Service.Audit;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Storage;

namespace ClientFailover.Service.Groups;

/// <summary>
/// Responsible for removing sessions that nobody has heard from for long. Counted is the time in which the service ran and could
/// have heard them, over restarts: neither its own absence nor a wall clock that jumps makes a session stale. To the day; what is
/// lost by a kill is counted anew. What must not go is judged by the engine, under the group's lock, at that moment.
/// </summary>
/// <param name="directory">The groups.</param>
/// <param name="store">Where it is kept for how long.</param>
/// <param name="audit">Is told of each.</param>
/// <param name="options">How long is long.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
internal sealed partial class SessionRetention(
    GroupDirectory directory,
    IGroupStore store,
    IAuditTrail audit,
    ServiceOptions options,
    TimeProvider time,
    ILogger<SessionRetention> log) : BackgroundService
{
    /// <summary>How often all sessions are looked at.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>How much longer than stored a silence must be before it is stored again.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromDays(1);

    private Dictionary<GroupKey, Dictionary<string, Silence>> _known = [];

    /// <summary>Takes what earlier runs of the service have counted, before anybody is heard in this one.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Done when it is taken.</returns>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var stored = (await store.LoadSilencesAsync(cancellationToken).ConfigureAwait(false)).ToLookup(s => s.Group);
        foreach (var owner in directory.Owners.Where(o => stored.Contains(o.Key)))
        {
            var heard = owner.ReadSilences().ToDictionary(s => s.SessionId, s => s.LastHeard, StringComparer.OrdinalIgnoreCase);
            _known[owner.Key] = stored[owner.Key]
                .Where(s => heard.ContainsKey(s.SessionId))
                .ToDictionary(s => s.SessionId, s => new Silence(heard[s.SessionId], s.Silence, s.Silence), StringComparer.OrdinalIgnoreCase);
        }

        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Looks at all sessions once. Not to be called again before it has ended.</summary>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>Done when the stale ones are removed.</returns>
    public async Task LookAsync(CancellationToken cancellation)
    {
        var known = new Dictionary<GroupKey, Dictionary<string, Silence>>();
        foreach (var owner in directory.Owners)
        {
            cancellation.ThrowIfCancellationRequested();
            var before = _known.GetValueOrDefault(owner.Key);
            var sessions = owner.ReadSilences();
            if (before is null && !sessions.Any(s => s.IsLost))
            {
                continue;
            }

            var now = await StoreAsync(owner.Key, sessions, before).ConfigureAwait(false);
            foreach (var (id, silence) in now.Where(s => s.Value.Total >= options.SessionRetention).ToList())
            {
                await RemoveAsync(owner, id, silence.Total, cancellation).ConfigureAwait(false);
            }

            if (now.Count > 0)
            {
                known[owner.Key] = now;
            }
        }

        _known = known;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.SessionRetention == TimeSpan.Zero)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            try
            {
                await LookAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (StoreUnavailableException e)
            {
                LogNotRemoved(e.Message);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Tidying up must not take the service with it.
                LogFailed(e);
            }
        }
    }

    /// <summary>Counts on, and stores what has grown by a day or has ended.</summary>
    private async Task<Dictionary<string, Silence>> StoreAsync(GroupKey group, IReadOnlyList<SessionSilence> sessions, Dictionary<string, Silence>? before)
    {
        var counted = new Dictionary<string, Silence>(StringComparer.OrdinalIgnoreCase);
        var changed = new List<(string SessionId, TimeSpan Silence)>();
        foreach (var session in sessions)
        {
            var known = before?.GetValueOrDefault(session.SessionId);
            var goesOn = known?.LastHeard == session.LastHeard;
            if (!session.IsLost && !goesOn)
            {
                if (known is { Stored.Ticks: > 0 })
                {
                    changed.Add((session.SessionId, TimeSpan.Zero));
                }

                continue;
            }

            var silence = new Silence(session.LastHeard, goesOn ? known!.Before : TimeSpan.Zero, known?.Stored ?? TimeSpan.Zero)
            {
                Total = (goesOn ? known!.Before : TimeSpan.Zero) + session.Silence,
            };
            counted[session.SessionId] = silence;
            if (silence.Total < silence.Stored || silence.Total - silence.Stored >= Step)
            {
                changed.Add((session.SessionId, silence.Total));
            }
        }

        if (changed.Count > 0)
        {
            var write = new SilenceWrite(group, changed);
            store.Append(write);
            if (await write.Stored.ConfigureAwait(false))
            {
                foreach (var (id, total) in changed.Where(c => counted.ContainsKey(c.SessionId)))
                {
                    counted[id] = counted[id] with { Stored = total };
                }
            }
        }

        return counted;
    }

    private async Task RemoveAsync(GroupOwner owner, string sessionId, TimeSpan silence, CancellationToken cancellation)
    {
        var result = await owner.ChangeAsync(new UnregisterSession(sessionId, OnlyIfStale: true), cancellation).ConfigureAwait(false);
        if (!result.Changed)
        {
            return;
        }

        LogRemoved(owner.Key, sessionId, (int)silence.TotalDays);
        audit.Record(new AuditEntry(
            "sessions.expire",
            $"{owner.Key}/{sessionId}",
            AuditEntry.Done,
            Who: null,
            From: null,
            string.Create(CultureInfo.InvariantCulture, $"not heard from for {(int)silence.TotalDays} days")));
    }

    /// <summary>What is known of a silence.</summary>
    /// <param name="LastHeard">When the session was last heard from, by this run's clock.</param>
    /// <param name="Before">How long it had been silent before that, in earlier runs.</param>
    /// <param name="Stored">How long it was when it was last stored.</param>
    private sealed record Silence(TimeSpan LastHeard, TimeSpan Before, TimeSpan Stored)
    {
        /// <summary>How long it is.</summary>
        public TimeSpan Total { get; init; } = Before;
    }
}
