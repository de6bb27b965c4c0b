using Microsoft.AspNetCore.Connections.Features;

namespace ClientFailover.Service.Limits;

/// <summary>Responsible for one connection at the <see cref="ConnectionGate"/>: whether anybody has said over it who it is. What can be set here is set under the gate's lock.</summary>
/// <param name="gate">The gate.</param>
/// <param name="budget">What its address uses.</param>
/// <param name="abort">Ends it.</param>
internal sealed class ConnectionEntry(ConnectionGate gate, AddressBudget budget, Action abort)
{
    /// <summary>
    /// As how many new connections one counts that was cut for how it behaved: whoever has credentials would otherwise be back at once, with all that
    /// a new connection may do before it is cut.
    /// </summary>
    public const int CutCounts = 50;

    private static readonly object Key = new();

    private int _isAuthenticated;

    /// <summary>What its address uses.</summary>
    public AddressBudget Budget => budget;

    /// <summary>Bytes that may come over it and others of its address and kind: strangers use up nothing of those who are known. Null: not limited.</summary>
    public Rate? Input => Volatile.Read(ref _isAuthenticated) == 0 ? budget.StrangersInput : budget.Input;

    /// <summary>Ends it.</summary>
    public Action Abort => abort;

    /// <summary>Its place among those over which nobody has said who it is; null: somebody has, or it is gone.</summary>
    public LinkedListNode<ConnectionEntry>? Stranger { get; set; }

    /// <summary>Its place among those of its address, likewise.</summary>
    public LinkedListNode<ConnectionEntry>? StrangerOfAddress { get; set; }

    /// <summary>When it was let in.</summary>
    public long EnteredAt { get; init; }

    /// <summary>Whether it was not counted as new, for somebody has said over it who it is.</summary>
    public bool IsExcused { get; set; }

    /// <summary>Whether it counts as open.</summary>
    public bool IsCounted { get; set; }

    /// <summary>Of a request's connection.</summary>
    /// <param name="http">The request.</param>
    /// <returns>It; null: the request came by no connection that is counted.</returns>
    public static ConnectionEntry? Of(HttpContext http) => http.Features.Get<IConnectionItemsFeature>() is { } connection ? Of(connection.Items) : null;

    /// <summary>Of a connection.</summary>
    /// <param name="items">The connection's.</param>
    /// <returns>It; null: it is not counted.</returns>
    public static ConnectionEntry? Of(IDictionary<object, object?> items) => items.TryGetValue(Key, out var found) ? (ConnectionEntry?)found : null;

    /// <summary>Puts it where requests find it.</summary>
    /// <param name="items">The connection's.</param>
    public void AddTo(IDictionary<object, object?> items) => items[Key] = this;

    /// <summary>A request over it had good credentials. Costs nothing but the first time. Not under the lock.</summary>
    public void Authenticated()
    {
        if (Volatile.Read(ref _isAuthenticated) == 0 && Interlocked.Exchange(ref _isAuthenticated, 1) == 0)
        {
            gate.Authenticated(this);
        }
    }

    /// <summary>It is cut for how it behaved. To be told once.</summary>
    public void WasCut()
    {
        // No debt on top of a debt: thousands that are cut at once must not keep adapters behind the same address out for long.
        if (budget.Connecting is { } connecting && connecting.Overdrawn == TimeSpan.Zero)
        {
            connecting.Charge(CutCounts);
        }
    }
}
