using System.Net.Sockets;

namespace ClientFailover.Samples.Modbus.Protocol;

/// <summary>
/// Responsible for one connection to a Modbus TCP device: one request at a time, each with its own transaction number and a time
/// limit. After any error but a <see cref="ModbusException"/> the connection is of no more use: it could be out of step.
/// </summary>
public sealed class ModbusClient : IDisposable
{
    private readonly TcpClient _tcp;
    private readonly byte _unit;
    private readonly TimeSpan _timeout;
    private readonly SemaphoreSlim _turn = new(1);
    private ushort _transaction;
    private bool _broken;

    private ModbusClient(TcpClient tcp, byte unit, TimeSpan timeout)
    {
        _tcp = tcp;
        _unit = unit;
        _timeout = timeout;
    }

    /// <summary>Connects.</summary>
    /// <param name="host">Name or address of the device.</param>
    /// <param name="port">Its port, 502 by default of the protocol.</param>
    /// <param name="unit">The unit behind it.</param>
    /// <param name="timeout">How long to wait for the connection, and later for each answer.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <returns>The client.</returns>
    /// <exception cref="SocketException">It cannot be reached.</exception>
    /// <exception cref="TimeoutException">It did not answer in time.</exception>
    public static async Task<ModbusClient> ConnectAsync(string host, int port, byte unit, TimeSpan timeout, CancellationToken cancellation)
    {
        var tcp = new TcpClient { NoDelay = true };
        try
        {
            await WithinAsync(timeout, token => tcp.ConnectAsync(host, port, token).AsTask(), cancellation);
            return new ModbusClient(tcp, unit, timeout);
        }
        catch
        {
            tcp.Dispose();
            throw;
        }
    }

    /// <summary>Reads holding registers (function 3).</summary>
    /// <param name="address">Address of the first, from 0.</param>
    /// <param name="count">How many, 1 to 125.</param>
    /// <param name="cancellation">Ends the wait, and the use of the connection.</param>
    /// <returns>The registers.</returns>
    /// <exception cref="ModbusException">The device refused; the connection goes on.</exception>
    /// <exception cref="IOException">The connection is lost.</exception>
    /// <exception cref="InvalidDataException">The answer makes no sense.</exception>
    /// <exception cref="TimeoutException">There was none in time.</exception>
    public async Task<ushort[]> ReadAsync(ushort address, int count, CancellationToken cancellation)
    {
        var pdu = await ExchangeAsync(transaction => ModbusFrame.ReadRequest(transaction, _unit, address, count), cancellation);
        return Judge(() => ModbusFrame.ReadResponse(pdu, count));
    }

    /// <summary>Writes holding registers (function 16).</summary>
    /// <param name="address">Address of the first, from 0.</param>
    /// <param name="registers">What to write, 1 to 123 registers.</param>
    /// <param name="cancellation">Ends the wait, and the use of the connection.</param>
    /// <returns>A task that ends when the device has confirmed.</returns>
    /// <exception cref="ModbusException">The device refused; the connection goes on.</exception>
    /// <exception cref="IOException">The connection is lost.</exception>
    /// <exception cref="InvalidDataException">The answer makes no sense.</exception>
    /// <exception cref="TimeoutException">There was none in time.</exception>
    public async Task WriteAsync(ushort address, ReadOnlyMemory<ushort> registers, CancellationToken cancellation)
    {
        var pdu = await ExchangeAsync(transaction => ModbusFrame.WriteRequest(transaction, _unit, address, registers.Span), cancellation);
        Judge(() =>
        {
            ModbusFrame.CheckWriteResponse(pdu, address, registers.Length);
            return true;
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tcp.Dispose();
        _turn.Dispose();
    }

    private async Task<byte[]> ExchangeAsync(Func<ushort, byte[]> request, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_broken)
            {
                throw new IOException("The connection was given up after an error.");
            }

            var frame = request(++_transaction);

            // Until the whole answer is there, the next one would be read from its middle.
            _broken = true;
            byte[] pdu = [];
            await WithinAsync(_timeout, async token => pdu = await ExchangeAsync(frame, _transaction, token), cancellation);
            _broken = false;
            return pdu;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<byte[]> ExchangeAsync(byte[] frame, ushort transaction, CancellationToken cancellation)
    {
        var stream = _tcp.GetStream();
        await stream.WriteAsync(frame, cancellation);

        // An answer may come in pieces of any size.
        var header = new byte[ModbusFrame.HeaderLength];
        await stream.ReadExactlyAsync(header, cancellation);
        var pdu = new byte[ModbusFrame.CheckHeader(header, transaction, _unit)];
        await stream.ReadExactlyAsync(pdu, cancellation);
        return pdu;
    }

    private T Judge<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException)
        {
            _broken = true;
            throw;
        }
    }

    private static async Task WithinAsync(TimeSpan timeout, Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        try
        {
            await work(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"The device did not answer within {timeout.TotalSeconds:0.###} s.");
        }
    }
}
