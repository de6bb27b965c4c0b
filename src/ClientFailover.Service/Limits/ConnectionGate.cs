using System.Net;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;

namespace ClientFailover.Service.Limits;

/// <summary>
/// Responsible for how many connections there are, of one address and of all, and how fast they come. Decides before TLS: a
/// handshake costs the service a hundred times what a refusal does.
/// </summary>
/// <param name="options">The limits.</param>
/// <param name="time">The clock.</param>
internal sealed class ConnectionGate(ServiceOptions options, TimeProvider time)
{
    /// <summary>From this many addresses on, those that are gone are forgotten.</summary>
    public const int Sweep = 4096;

    private const int BurstSeconds = 20;
    private const int InputBurstSeconds = 4;

    private readonly Lock _sync = new();
    private readonly Dictionary<IPAddress, AddressBudget> _budgets = [];
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

    /// <summary>Lets a connection in.</summary>
    /// <param name="address">Where it comes from.</param>
    /// <param name="limit">The limit that refuses it, for the meter; null: it is in, and has to leave.</param>
    /// <returns>What its address uses.</returns>
    public AddressBudget Enter(IPAddress? address, out string? limit)
    {
        var network = CallerNetwork.Of(address);
        lock (_sync)
        {
            if (!_budgets.TryGetValue(network, out var budget))
            {
                Forget();
                _budgets[network] = budget = new AddressBudget(
                    Make(options.MaxNewConnectionsPerSecond, BurstSeconds),
                    Make(options.MaxInputPerSecond, InputBurstSeconds));
            }

            limit = Refusal(budget);
            if (limit is null)
            {
                _connections++;
                budget.Connections++;
            }

            return budget;
        }
    }

    /// <summary>A connection that was let in is gone.</summary>
    /// <param name="budget">What its address uses.</param>
    public void Leave(AddressBudget budget)
    {
        lock (_sync)
        {
            _connections--;
            budget.Connections--;
        }
    }

    private string? Refusal(AddressBudget budget)
    {
        if (options.MaxConnections > 0 && _connections >= options.MaxConnections)
        {
            return LimitMeter.Connections;
        }

        if (options.MaxConnectionsPerAddress > 0 && budget.Connections >= options.MaxConnectionsPerAddress)
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

    private Rate? Make(int perSecond, int burstSeconds) => perSecond > 0 ? new Rate(time, perSecond, (double)perSecond * burstSeconds) : null;
}
