namespace ClientFailover.Client;

/// <summary>Where data goes: a PI server, a broker, a file.</summary>
public interface IEgress
{
    /// <summary>
    /// Sends values, and returns when the destination has them for good. One call at a time, in the order of collection. After
    /// an error the same values come again, later: at least once, never lost.
    /// </summary>
    /// <param name="items">The values, oldest first; at least one.</param>
    /// <param name="context">In what role they are sent.</param>
    /// <param name="cancellation">Cancelled when the adapter is not Primary any more, or stops.</param>
    /// <returns>A task that ends when the destination has the values.</returns>
    /// <exception cref="DataRejectedException">The destination will never take these values: they are dropped, counted and logged.</exception>
    Task SendAsync(IReadOnlyList<DataItem> items, EgressContext context, CancellationToken cancellation);
}
