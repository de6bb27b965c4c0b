using System.IO.Pipelines;
using System.Net;
using ClientFailover.Service.Hosting;
using Microsoft.AspNetCore.Connections;

namespace ClientFailover.Service.Limits;

/// <summary>Responsible for the limits of connections, on every listener, before TLS.</summary>
/// <param name="gate">Lets connections in.</param>
/// <param name="options">The limits.</param>
/// <param name="meter">Counts.</param>
/// <param name="time">The clock.</param>
internal sealed class ConnectionLimits(ConnectionGate gate, ServiceOptions options, LimitMeter meter, TimeProvider time)
{
    private const int ResetBurstSeconds = 10;

    /// <summary>Puts the limits in front of what handles a connection.</summary>
    /// <param name="next">What handles it.</param>
    /// <returns>Both together.</returns>
    public ConnectionDelegate Guard(ConnectionDelegate next) => connection => HandleAsync(connection, next);

    private static void Abort(ConnectionContext connection, string? limit) =>
        connection.Abort(new ConnectionAbortedException($"The limit of {limit} is reached."));

    private async Task HandleAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var entry = gate.Enter((connection.RemoteEndPoint as IPEndPoint)?.Address, () => Abort(connection, LimitMeter.Connections), out var limit);
        if (limit is not null)
        {
            meter.Refused(limit);
        }

        if (entry is null)
        {
            Abort(connection, limit);
            return;
        }

        try
        {
            var resets = options.MaxStreamResetsPerSecond is > 0 and var most ? new Rate(time, most, most * ResetBurstSeconds) : null;
            new ConnectionConduct(resets, meter).AddTo(connection.Items);
            entry.AddTo(connection.Items);
            if (entry.Budget.Input is { } input)
            {
                connection.Transport = new RatedTransport(connection.Transport, input, meter, time);
            }

            await next(connection);
        }
        finally
        {
            gate.Leave(entry);
        }
    }

    private sealed class RatedTransport(IDuplexPipe inner, Rate rate, LimitMeter meter, TimeProvider time) : IDuplexPipe
    {
        public PipeReader Input { get; } = new RatedPipeReader(inner.Input, rate, meter, time);

        public PipeWriter Output => inner.Output;
    }
}
