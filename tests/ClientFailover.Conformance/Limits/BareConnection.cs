using System.Net;
using System.Net.Sockets;
using System.Text;
using ClientFailover.Conformance.Running;

namespace ClientFailover.Conformance.Limits;

/// <summary>A TCP connection, from an address of the attacker's own: on Linux the whole of 127.0.0.0/8 is this machine.</summary>
internal sealed class BareConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <summary>Connects.</summary>
    /// <param name="service">Where to.</param>
    /// <param name="from">The last byte of the address it comes from.</param>
    public static async Task<BareConnection> OpenAsync(Uri service, int from = 2)
    {
        var connection = new BareConnection();
        if (OperatingSystem.IsLinux())
        {
            connection._socket.Bind(new IPEndPoint(IPAddress.Parse($"127.0.0.{from}"), 0));
        }

        try
        {
            await connection._socket.ConnectAsync(service.Host, service.Port).WaitAsync(RunningService.Patience);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // The service was quicker: it is closed before it is seen open.
        }

        return connection;
    }

    /// <summary>Sends.</summary>
    public async Task SendAsync(string text) => await SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Sends; what the other end does not take is given up when it closes the connection.</summary>
    /// <returns>Whether it was all taken.</returns>
    public async Task<bool> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default)
    {
        try
        {
            while (bytes.Length > 0)
            {
                bytes = bytes[await _socket.SendAsync(bytes, cancellation)..];
            }

            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Reads until there is something of a kind.</summary>
    /// <returns>What was read; without it: the connection ended first.</returns>
    public async Task<string> ReadUntilAsync(string wanted)
    {
        var (text, buffer) = (new StringBuilder(), new byte[4096]);
        while (!text.ToString().Contains(wanted, StringComparison.Ordinal) && await ReadAsync(buffer) is > 0 and var length)
        {
            text.Append(Encoding.Latin1.GetString(buffer, 0, length));
        }

        return text.ToString();
    }

    /// <summary>Reads until the other end closes the connection.</summary>
    /// <returns>All that it said.</returns>
    public Task<string> ReadToEndAsync() => ReadUntilAsync("no text holds this \u00b6");

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private async Task<int> ReadAsync(byte[] buffer)
    {
        using var limit = new CancellationTokenSource(RunningService.Patience);
        try
        {
            return await _socket.ReceiveAsync(buffer, limit.Token);
        }
        catch (SocketException)
        {
            return 0;
        }
    }
}
