using System.Net;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;

namespace ClientFailover.Service.Limits;

/// <summary>
/// Responsible for how many connections there are, of one address and of all, and how fast they come. Decides before TLS: a
/// handshake costs the service a hundred times what a refusal does. When there is no room, the oldest over which nobody has said who
/// it is gives way, of the same address if that has its share: else a few addresses that connect and say nothing would lock everybody out, and
/// one program the adapters of its address. One over which somebody has does not count
/// as having come too fast: a fleet behind one address connects anew at once. Those that come for a visit do in the end: whoever has credentials could
/// otherwise have the service shake hands as fast as it can.
/// </summary>
/// <param name="options">The limits.</param>
/// <param name="time">The clock.</param>
internal sealed class ConnectionGate(ServiceOptions options, TimeProvider time)
{
    /// <summary>From this many addresses on, those that are gone are forgotten.</summary>
    public const int Sweep = 4096;

    private const int BurstSeconds = 20;
    private const int InputBurstSeconds = 4;

    // Who leaves sooner was on a visit. As long as that, so that one who fills all places of an address and starts again gains little.
    private static readonly TimeSpan Visit = TimeSpan.FromMinutes(1);

    private readonly Lock _sync = new();
    private readonly Dictionary<IPAddress, AddressBudget> _budgets = [];

    // Connections over which nobody has said who it is, the oldest first.
    private readonly LinkedList<ConnectionEntry> _strangers = new();
    private int _connections;
    private int _nextSweep = Sweep;

    /// <summary>How many addresses are known.</summary>
    public int Count
    {
        get
        {
            lock (_sync)
            {
                return _budgets.Count;
            }
        }
    }

    // A whole fleet may come, lose its network at once, and come back.
    private double VisitsAtOnce => Math.Max(
        (double)options.MaxNewConnectionsPerSecond * BurstSeconds,
        options.MaxConnectionsPerAddress > 0 ? options.MaxConnectionsPerAddress : options.MaxConnections);

    /// <summary>Lets a connection in.</summary>
    /// <param name="address">Where it comes from.</param>
    /// <param name="abort">Ends it: when there is no room for another, and nobody has said over it who it is.</param>
    /// <param name="limit">The limit that was met, for the meter; null: none.</param>
    /// <returns>The connection, which has to leave; null: it is refused.</returns>
    public ConnectionEntry? Enter(IPAddress? address, Action abort, out string? limit)
    {
        var network = CallerNetwork.Of(address);
        ConnectionEntry entry;
        ConnectionEntry? evicted = null;
        lock (_sync)
        {
            if (!_budgets.TryGetValue(network, out var budget))
            {
                Forget();
                _budgets[network] = budget = new AddressBudget
                {
                    Connecting = Make(options.MaxNewConnectionsPerSecond, (double)options.MaxNewConnectionsPerSecond * BurstSeconds),
                    Visits = Make(options.MaxNewConnectionsPerSecond, VisitsAtOnce),
                    Input = Make(options.MaxInputPerSecond, (double)options.MaxInputPerSecond * InputBurstSeconds),
                    StrangersInput = Make(options.MaxInputPerSecond, (double)options.MaxInputPerSecond * InputBurstSeconds),
                };
            }

            limit = Refusal(budget);
            if (limit is not null)
            {
                return null;
            }

            if (HasItsShare(budget))
            {
                limit = LimitMeter.ConnectionsPerAddress;
                evicted = budget.Strangers.First!.Value;
            }
            else if (options.MaxConnections > 0 && _connections >= options.MaxConnections)
            {
                limit = LimitMeter.Connections;
                if (_strangers.First is not { } oldest)
                {
                    budget.Connecting?.Return();
                    return null;
                }

                evicted = oldest.Value;
            }

            if (evicted is not null)
            {
                Remove(evicted);
            }

            entry = new ConnectionEntry(this, budget, abort) { IsCounted = true, EnteredAt = time.GetTimestamp() };
            entry.Stranger = _strangers.AddLast(entry);
            entry.StrangerOfAddress = budget.Strangers.AddLast(entry);
            _connections++;
            budget.Connections++;
        }

        evicted?.Abort();
        return entry;
    }

    /// <summary>Somebody has said over a connection who it is: it stays, and did not come too fast, unless its address has had too many visits.</summary>
    /// <param name="entry">The connection.</param>
    public void Authenticated(ConnectionEntry entry)
    {
        lock (_sync)
        {
            if (WasStranger(entry) && entry.Budget.Visits?.Overdrawn == TimeSpan.Zero)
            {
                entry.IsExcused = true;
                entry.Budget.Connecting?.Return();
            }
        }
    }

    /// <summary>A connection that was let in is gone.</summary>
    /// <param name="entry">The connection.</param>
    public void Leave(ConnectionEntry entry)
    {
        lock (_sync)
        {
            Remove(entry);
        }
    }

    private void Remove(ConnectionEntry entry)
    {
        if (!entry.IsCounted)
        {
            return;
        }

        entry.IsCounted = false;
        _connections--;
        entry.Budget.Connections--;
        WasStranger(entry);
        if (entry.IsExcused && time.GetElapsedTime(entry.EnteredAt) < Visit)
        {
            // A debt keeps nobody out: the next ones count as new, no more.
            entry.Budget.Visits?.Charge(1);
        }
    }

    private bool WasStranger(ConnectionEntry entry)
    {
        if (entry is not { Stranger: { } place, StrangerOfAddress: { } placeOfAddress })
        {
            return false;
        }

        _strangers.Remove(place);
        entry.Budget.Strangers.Remove(placeOfAddress);
        (entry.Stranger, entry.StrangerOfAddress) = (null, null);
        return true;
    }

    private bool HasItsShare(AddressBudget budget) => options.MaxConnectionsPerAddress > 0 && budget.Connections >= options.MaxConnectionsPerAddress;

    private string? Refusal(AddressBudget budget)
    {
        if (HasItsShare(budget) && budget.Strangers.Count == 0)
        {
            return LimitMeter.ConnectionsPerAddress;
        }

        return budget.Connecting?.TryTake(out _) == false ? LimitMeter.NewConnections : null;
    }

    private void Forget()
    {
        if (_budgets.Count < _nextSweep)
        {
            return;
        }

        foreach (var (network, budget) in _budgets)
        {
            if (budget.IsForgettable)
            {
                _budgets.Remove(network);
            }
        }

        // Those that stay would otherwise be looked at again with each new one.
        _nextSweep = Math.Max(Sweep, 2 * _budgets.Count);
    }

    private Rate? Make(int perSecond, double burst) => perSecond > 0 ? new Rate(time, perSecond, burst) : null;
}
