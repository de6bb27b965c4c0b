using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace ClientFailover.Client.Connection.Roles;

/// <summary>Responsible for showing the role: as a value, as a sequence of changes, as a token that lives while Primary.</summary>
internal sealed class RoleBoard
{
    private readonly Lock _gate = new();
    private readonly List<Channel<RoleState>> _readers = [];
    private CancellationTokenSource? _primary;
    private bool _closed;

    /// <summary>Starts as Secondary.</summary>
    /// <param name="now">When that is.</param>
    public RoleBoard(DateTimeOffset now) => Current = new RoleState(FailoverRole.Secondary, null, null, null, false, now);

    /// <summary>The role now.</summary>
    public RoleState Current { get; private set; }

    /// <summary>Lives while Primary.</summary>
    public CancellationToken WhilePrimary
    {
        get
        {
            lock (_gate)
            {
                return _primary?.Token ?? new CancellationToken(canceled: true);
            }
        }
    }

    /// <summary>Shows a state. Work that only a Primary may do has been told to end when this returns.</summary>
    public void Show(RoleState state)
    {
        CancellationTokenSource? lost = null;
        lock (_gate)
        {
            var changed = state.Role != Current.Role || state.Term != Current.Term;
            Current = state;
            if (state.Role == FailoverRole.Primary)
            {
                _primary ??= new CancellationTokenSource();
            }
            else
            {
                (lost, _primary) = (_primary, null);
            }

            if (changed)
            {
                _readers.ForEach(r => r.Writer.TryWrite(state));
            }
        }

        // The token is cancelled when this returns; what was registered with it runs elsewhere, and cannot hold anybody up.
        _ = lost?.CancelAsync();
    }

    /// <summary>No change will come any more: sequences end.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            _readers.ForEach(r => r.Writer.TryComplete());
        }
    }

    /// <summary>The role now, then every change of role or term; a slow reader gets the newest.</summary>
    public async IAsyncEnumerable<RoleState> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var channel = Channel.CreateBounded<RoleState>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_gate)
        {
            channel.Writer.TryWrite(Current);
            if (_closed)
            {
                channel.Writer.TryComplete();
            }

            _readers.Add(channel);
        }

        try
        {
            await foreach (var state in channel.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                yield return state;
            }
        }
        finally
        {
            lock (_gate)
            {
                _readers.Remove(channel);
            }
        }
    }
}
