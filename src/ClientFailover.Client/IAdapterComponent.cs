namespace ClientFailover.Client;

/// <summary>
/// A part of an adapter that collects data from one source (a broker, a PLC). The <see cref="FailoverAdapter"/> takes it through its
/// life as mode and role demand: hot, all steps at once; warm, started and connected, and collecting as Primary; cold,
/// nothing before it is chosen. Calls never overlap. An error in any of them is logged once, lowers the score, and leads to
/// a new attempt with growing pauses.
/// </summary>
public interface IAdapterComponent
{
    /// <summary>Name for people and logs, unique in the adapter.</summary>
    string Name { get; }

    /// <summary>Makes ready what needs no connection, and selects the streams (<see cref="IComponentContext.SelectStreams"/>).</summary>
    /// <param name="context">What the component tells the adapter through, until it is stopped.</param>
    /// <param name="cancellation">Cancelled when the adapter stops or the mode no longer wants it.</param>
    /// <returns>A task that ends when it is ready.</returns>
    Task StartAsync(IComponentContext context, CancellationToken cancellation);

    /// <summary>Connects to the source.</summary>
    /// <param name="cancellation">Cancelled when the adapter stops or the mode no longer wants it.</param>
    /// <returns>A task that ends when it is connected.</returns>
    Task ConnectAsync(CancellationToken cancellation);

    /// <summary>
    /// Collects until it is cancelled. If it returns or throws before that, the source is taken for lost: the adapter connects
    /// anew and calls it again.
    /// </summary>
    /// <param name="cancellation">Cancelled when it is to collect no more.</param>
    /// <returns>A task that ends when the collection has ended.</returns>
    Task CollectAsync(CancellationToken cancellation);

    /// <summary>Disconnects and gives up everything; <see cref="StartAsync"/> may follow. Also called after an error.</summary>
    /// <param name="cancellation">Cancelled when it takes too long.</param>
    /// <returns>A task that ends when all is given up.</returns>
    Task StopAsync(CancellationToken cancellation);
}
