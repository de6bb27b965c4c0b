using System.IO.Pipelines;
using System.Net;
using ClientFailover.Service.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace ClientFailover.Service.Limits;

/// <summary>Responsible for the limits of connections, on every listener: most of them before TLS, their turns after it.</summary>
/// <param name="gate">Lets connections in.</param>
/// <param name="options">The limits.</param>
/// <param name="meter">Counts.</param>
/// <param name="time">The clock.</param>
internal sealed class ConnectionLimits(ConnectionGate gate, ServiceOptions options, LimitMeter meter, TimeProvider time)
{
    private const int ResetBurstSeconds = 10;

    // Of what an address may send, the part that each of its connections may send besides; at first so many seconds' worth at once. With the
    // defaults 2 KiB a second, and 16 KiB: heartbeats of a few adapters.
    private const double OwnPart = 1.0 / 8192;
    private const int OwnBurstSeconds = 8;

    /// <summary>Puts the limits in front of what handles a connection.</summary>
    /// <param name="next">What handles it.</param>
    /// <returns>Both together.</returns>
    public ConnectionDelegate Guard(ConnectionDelegate next) => connection => HandleAsync(connection, next);

    /// <summary>Has connections take turns, once <see cref="Guard"/> has let them in.</summary>
    /// <param name="next">What handles a connection: the requests.</param>
    /// <param name="protocols">What is spoken on it.</param>
    /// <returns>Both together.</returns>
    public static ConnectionDelegate TakeTurns(ConnectionDelegate next, HttpProtocols protocols) => connection =>
    {
        var address = protocols == HttpProtocols.Http2 || IsHttp2(connection) ? ConnectionEntry.Of(connection.Items)?.Budget : null;
        connection.Transport = new Transport(new FairPipeReader(connection.Transport.Input, address), connection.Transport.Output);
        return next(connection);
    };

    private static bool IsHttp2(ConnectionContext connection) =>
        connection.Features.Get<ITlsApplicationProtocolFeature>()?.ApplicationProtocol.Span.SequenceEqual("h2"u8) == true;

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
            new ConnectionConduct(resets, options.MaxStreamsPerConnection, meter, options.FailedHeartbeatsAtOnce).AddTo(connection.Items);
            entry.AddTo(connection.Items);
            if (entry.Input is not null)
            {
                var perSecond = options.MaxInputPerSecond * OwnPart;
                var own = new Rate(time, perSecond, perSecond * OwnBurstSeconds);
                connection.Transport = new Transport(new RatedPipeReader(connection.Transport.Input, entry, own, meter, time), connection.Transport.Output);
            }

            await next(connection);
        }
        finally
        {
            gate.Leave(entry);
        }
    }

    private sealed record Transport(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
