using System.Net;
using System.Net.Sockets;

namespace ClientFailover.Benchmarks.Http1;

/// <summary>Responsible for one kept-alive connection with at most one call under way. For use by one thread.</summary>
internal sealed class Http1Connection : IDisposable
{
    private byte[] _input = new byte[4096];
    private int _length;

    /// <summary>Connects.</summary>
    /// <param name="endpoint">The server.</param>
    public Http1Connection(IPEndPoint endpoint)
    {
        Socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Socket.Connect(endpoint);
    }

    /// <summary>The socket, for waiting on many connections at once.</summary>
    public Socket Socket { get; }

    /// <summary>Sends a call.</summary>
    /// <param name="request">The call.</param>
    public void Send(ReadOnlySpan<byte> request)
    {
        while (!request.IsEmpty)
        {
            request = request[Socket.Send(request)..];
        }
    }

    /// <summary>Takes what the socket has, or waits for it.</summary>
    /// <param name="status">The status of the response.</param>
    /// <param name="body">Its body; valid until the next call.</param>
    /// <returns>False: more is to come.</returns>
    /// <exception cref="IOException">The server closed the connection.</exception>
    public bool TryReceive(out int status, out ReadOnlySpan<byte> body)
    {
        if (_length == _input.Length)
        {
            Array.Resize(ref _input, _input.Length * 2);
        }

        var received = Socket.Receive(_input.AsSpan(_length));
        if (received == 0)
        {
            throw new IOException("The server closed the connection.");
        }

        _length += received;
        if (!ResponseReader.TryRead(_input.AsSpan(0, _length), out status, out body))
        {
            return false;
        }

        _length = 0;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => Socket.Dispose();
}
