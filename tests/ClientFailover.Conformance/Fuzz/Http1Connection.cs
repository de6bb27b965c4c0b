using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ClientFailover.Conformance.Fuzz;

/// <summary>Responsible for requests over one connection of HTTP/1.1, sent together, and for reading their answers.</summary>
internal sealed class Http1Connection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>Connects.</summary>
    /// <param name="service">Where to.</param>
    /// <param name="patience">Ends all waiting.</param>
    public static async Task<Http1Connection> OpenAsync(Uri service, CancellationToken patience)
    {
        var connection = new Http1Connection();
        await connection._socket.ConnectAsync(service.Host, service.Port, patience);
        return connection;
    }

    /// <summary>Sends requests, while answers are read elsewhere; a service that hangs up is no error here.</summary>
    /// <param name="bytes">The requests.</param>
    /// <param name="patience">Ends all waiting.</param>
    public async Task SendAsync(byte[] bytes, CancellationToken patience)
    {
        try
        {
            for (var sent = 0; sent < bytes.Length;)
            {
                sent += await _socket.SendAsync(bytes.AsMemory(sent), patience);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
        }
    }

    /// <summary>Says that nothing follows: what is still incomplete never will be complete.</summary>
    public void EndRequests()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
    }

    /// <summary>Reads the next answer.</summary>
    /// <param name="isHead">Whether it has no body in any case.</param>
    /// <param name="patience">Ends all waiting.</param>
    /// <returns>The answer; null: the connection ended.</returns>
    public async Task<RestReply?> ReadAsync(bool isHead, CancellationToken patience)
    {
        while (await ReadLineAsync(patience) is { } line)
        {
            var status = int.Parse(line.AsSpan(9, 3), CultureInfo.InvariantCulture);
            var (length, chunked, closes, type, grpc) = (0, false, false, (string?)null, (string?)null);
            while (await ReadLineAsync(patience) is { Length: > 0 } header)
            {
                var colon = header.IndexOf(':', StringComparison.Ordinal);
                var value = header[(colon + 1)..].Trim();
                switch (header[..colon].ToUpperInvariant())
                {
                    case "CONTENT-LENGTH":
                        length = int.Parse(value, CultureInfo.InvariantCulture);
                        break;
                    case "TRANSFER-ENCODING":
                        chunked = true;
                        break;
                    case "CONNECTION":
                        closes = value.Equals("close", StringComparison.OrdinalIgnoreCase);
                        break;
                    case "GRPC-STATUS":
                        grpc = value;
                        break;
                    case "CONTENT-TYPE":
                        type = value;
                        break;
                }
            }

            // An interim answer: the real one follows.
            if (status < 200)
            {
                continue;
            }

            var reply = new RestReply(status, closes, type, grpc, []);
            if (isHead || reply.IsEndless)
            {
                return reply;
            }

            var body = chunked ? await ReadChunksAsync(patience) : await TakeAsync(length, patience);
            return body is null ? null : reply with { Body = body };
        }

        return null;
    }

    /// <summary>Makes the end of the connection one without a word, as when the process at this end is killed.</summary>
    public void Break() => _socket.LingerState = new LingerOption(true, 0);

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private async Task<byte[]?> ReadChunksAsync(CancellationToken patience)
    {
        using var body = new MemoryStream();
        while (await ReadLineAsync(patience) is { } line)
        {
            var length = int.Parse(line, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            var chunk = await TakeAsync(length, patience);
            await ReadLineAsync(patience);
            if (chunk is null || length == 0)
            {
                return chunk is null ? null : body.ToArray();
            }

            body.Write(chunk);
        }

        return null;
    }

    private async ValueTask<byte[]?> TakeAsync(int length, CancellationToken patience)
    {
        while (_end - _start < length)
        {
            if (!await FillAsync(patience))
            {
                return null;
            }
        }

        _start += length;
        return _buffer[(_start - length).._start];
    }

    private async ValueTask<string?> ReadLineAsync(CancellationToken patience)
    {
        while (true)
        {
            var at = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8);
            if (at >= 0)
            {
                var line = Encoding.Latin1.GetString(_buffer, _start, at);
                _start += at + 2;
                return line;
            }

            if (!await FillAsync(patience))
            {
                return null;
            }
        }
    }

    private async ValueTask<bool> FillAsync(CancellationToken patience)
    {
        Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
        (_start, _end) = (0, _end - _start);
        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        try
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(_end), patience);
            _end += read;
            return read > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
