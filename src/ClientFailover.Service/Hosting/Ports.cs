using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace ClientFailover.Service.Hosting;

/// <summary>
/// Responsible for finding out in time that a port cannot be listened on. The web server binds last, when everything
/// else runs already, and the host logs its failure with a page of stack trace around the one fact that matters.
/// </summary>
internal static class Ports
{
    /// <summary>Binds every port the way the server will, and lets go of it again.</summary>
    /// <param name="options">The settings.</param>
    /// <exception cref="StartupException">One of them cannot be listened on.</exception>
    public static void EnsureFree(ServiceOptions options)
    {
        foreach (var port in (int?[])[options.Port, options.CleartextHttpPort, options.CleartextGrpcPort])
        {
            if (port is not > 0)
            {
                continue;
            }

            var address = new IPEndPoint(IPAddress.Parse(options.Address), port.Value);
            try
            {
                SocketTransportOptions.CreateDefaultBoundListenSocket(address).Dispose();
            }
            catch (SocketException e)
            {
                throw new StartupException(
                    ExitCodes.AddressNotAvailable,
                    $"{address} cannot be listened on: {e.Message}. Choose another port or Address, or stop whatever uses it.",
                    e);
            }
        }
    }
}
