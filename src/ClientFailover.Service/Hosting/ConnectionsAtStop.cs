using Microsoft.AspNetCore.Connections;

namespace ClientFailover.Service.Hosting;

/// <summary>
/// Responsible for connections that do not end when the service stops. Of a stream whose other half the client leaves open the web server
/// waits five seconds for a word, of a request for as long as the stop may take: by then adapters could be connected to the next instance.
/// </summary>
/// <param name="lifetime">Tells when the service stops.</param>
/// <param name="time">The clock.</param>
internal sealed class ConnectionsAtStop(IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>How long a connection may go on. A stream has a second to end in order; what it is told has been sent by then.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Watches over what handles a connection.</summary>
    /// <param name="next">What handles it.</param>
    /// <returns>Both together.</returns>
    public ConnectionDelegate Guard(ConnectionDelegate next) => connection => HandleAsync(connection, next);

    private async Task HandleAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        await using var stopping = lifetime.ApplicationStopping.UnsafeRegister(c => _ = AbortLaterAsync((ConnectionContext)c!), connection);
        await next(connection);
    }

    private async Task AbortLaterAsync(ConnectionContext connection)
    {
        try
        {
            await Task.Delay(Patience, time, connection.ConnectionClosed);
            connection.Abort(new ConnectionAbortedException("The service stops."));
        }
        catch (OperationCanceledException)
        {
            // It has ended by itself.
        }
    }
}
