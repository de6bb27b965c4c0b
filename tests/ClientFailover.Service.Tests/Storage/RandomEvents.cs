using ClientFailover.Engine;

namespace ClientFailover.Service.Tests.Storage;

/// <summary>Event sequences without regard to sense: the store has to fold whatever the engine may come to record.</summary>
internal sealed class RandomEvents(int seed)
{
    private static readonly string[] Ids = ["a", "A", "b", "é", "É", "c"];

    private readonly Random _random = new(seed);
    private long _ticks = StoreBench.Noon.Ticks;

    /// <summary>Any event.</summary>
    public GroupEvent Any() => _random.Next(20) switch
    {
        0 => new GroupCreated(Time(), new GroupConfiguration("g", Text(), Text(), TimeSpan.FromSeconds(_random.Next(1, 9)), Text())),
        1 => new GroupDeleted(Time()),
        2 or 3 or 4 => new SessionRegistered(Time(), Id(), Text(), Text(), _random.Next(1000)),
        5 => new SessionNamed(Time(), Id(), "named"),
        6 => new SessionUnregistered(Time(), Id()),
        _ => Decided(),
    };

    /// <summary>An event that the engine decides, which may be deferred.</summary>
    public GroupEvent Decided() => _random.Next(12) switch
    {
        0 => new SessionLost(Time(), Id(), Reason.SessionTimedOut, TimeSpan.FromMilliseconds(_random.Next(1000))),
        1 => new SessionReturned(Time(), Id()),
        2 => new RoleOverrideChanged(Time(), Id(), (RoleOverride)_random.Next(3), MaybeTime()),
        3 => new LastDataProcessedTimeRecorded(Time(), Time()),
        _ => new RoleChanged(Time(), Id(), (Role)_random.Next(3), (Role)_random.Next(3), _random.Next(1, 100), (Reason)_random.Next(1, 17), MaybeTime()),
    };

    private DateTime Time() => new(_ticks += _random.Next(1, 1000), DateTimeKind.Utc);

    private DateTime? MaybeTime() => _random.Next(3) == 0 ? null : Time();

    private string Id() => Ids[_random.Next(Ids.Length)];

    private string? Text() => _random.Next(3) == 0 ? null : $"text {_random.Next(100)}";
}
