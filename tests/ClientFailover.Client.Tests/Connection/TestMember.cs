using System.Threading.Channels;

namespace ClientFailover.Client.Tests.Connection;

/// <summary>A member that does what the test wants, and remembers what it was told.</summary>
internal sealed class TestMember : IFailoverMember
{
    private readonly Channel<RoleState> _told = Channel.CreateUnbounded<RoleState>();
    private readonly Changes _changes = new();
    private int _inside;

    public Func<AdapterReport> OnReport { get; set; } = () => new AdapterReport(100, null);

    public Action<RoleState> OnAssume { get; set; } = _ => { };

    public Func<DrainOrder, CancellationToken, Task<DateTimeOffset?>> OnDrain { get; set; } = (_, _) => Task.FromResult<DateTimeOffset?>(null);

    public List<RoleState> All { get; } = [];

    public List<DrainOrder> Drains { get; } = [];

    public TimeSpan FailoverTimeout { get; private set; }

    public bool Overlapped { get; private set; }

    public AdapterReport Report() => Call(OnReport);

    public void Assume(RoleState state, TimeSpan failoverTimeout) => Call(() =>
    {
        FailoverTimeout = failoverTimeout;
        All.Add(state);
        _told.Writer.TryWrite(state);
        OnAssume(state);
        return true;
    });

    public Task<DateTimeOffset?> DrainAsync(DrainOrder order, CancellationToken cancellation) => Call(() =>
    {
        Drains.Add(order);
        _changes.Tell();
        return OnDrain(order, cancellation);
    });

    /// <summary>The next thing it was told that the test wants; others are passed over.</summary>
    public async Task<RoleState> NextAsync(Func<RoleState, bool> wanted)
    {
        while (true)
        {
            var state = await _told.Reader.ReadAsync().AsTask().Soon();
            if (wanted(state))
            {
                return state;
            }
        }
    }

    public Task<RoleState> NextAsync(FailoverRole role) => NextAsync(s => s.Role == role);

    /// <summary>Waits until it was ordered to hand over.</summary>
    public Task DrainsAsync() => _changes.UntilAsync(() => Drains.Count > 0);

    private T Call<T>(Func<T> call)
    {
        Overlapped |= Interlocked.Increment(ref _inside) > 1;
        try
        {
            return call();
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }
}
