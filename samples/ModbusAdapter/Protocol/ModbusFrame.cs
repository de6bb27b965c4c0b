using System.Buffers.Binary;

namespace ClientFailover.Samples.Modbus.Protocol;

/// <summary>
/// The frames of Modbus TCP. Header: transaction (2 bytes), protocol 0 (2), length of what follows (2), unit (1); then the function and
/// its data. Numbers are big-endian.
/// </summary>
internal static class ModbusFrame
{
    public const int HeaderLength = 7;
    public const byte ReadHoldingRegisters = 3;
    public const byte WriteMultipleRegisters = 16;

    /// <summary>Most registers that a request reads.</summary>
    public const int MostRead = 125;

    /// <summary>Most registers that a request writes.</summary>
    public const int MostWritten = 123;

    /// <summary>Function and data are at most 253 bytes.</summary>
    private const int LongestPdu = 253;

    private const byte ErrorFlag = 0x80;

    public static byte[] ReadRequest(ushort transaction, byte unit, ushort address, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostRead);
        var frame = Start(transaction, unit, ReadHoldingRegisters, dataLength: 4);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(8), address);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(10), (ushort)count);
        return frame;
    }

    public static byte[] WriteRequest(ushort transaction, byte unit, ushort address, ReadOnlySpan<ushort> registers)
    {
        ArgumentOutOfRangeException.ThrowIfZero(registers.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(registers.Length, MostWritten);
        var frame = Start(transaction, unit, WriteMultipleRegisters, dataLength: 5 + (2 * registers.Length));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(8), address);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(10), (ushort)registers.Length);
        frame[12] = (byte)(2 * registers.Length);
        for (var i = 0; i < registers.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(13 + (2 * i)), registers[i]);
        }

        return frame;
    }

    /// <returns>How many bytes follow the header.</returns>
    /// <exception cref="InvalidDataException">It is no header of an answer to this request: where the next frame begins is unknown.</exception>
    public static int CheckHeader(ReadOnlySpan<byte> header, ushort transaction, byte unit)
    {
        var (actual, protocol, length) = (Number(header, 0), Number(header, 2), Number(header, 4) - 1);
        if (protocol != 0 || length is < 2 or > LongestPdu)
        {
            throw new InvalidDataException($"The answer is no Modbus TCP: protocol {protocol}, length {length + 1}.");
        }

        return actual == transaction && header[6] == unit
            ? length
            : throw new InvalidDataException($"The answer is of transaction {actual}, unit {header[6]}, not {transaction}, {unit}.");
    }

    /// <exception cref="ModbusException">The device refused.</exception>
    /// <exception cref="InvalidDataException">It answers something else.</exception>
    public static ushort[] ReadResponse(ReadOnlySpan<byte> pdu, int count)
    {
        CheckFunction(pdu, ReadHoldingRegisters);
        if (pdu.Length != 2 + (2 * count) || pdu[1] != 2 * count)
        {
            throw new InvalidDataException($"The answer has {pdu.Length - 2} bytes and says {pdu[1]}, for {count} registers.");
        }

        var registers = new ushort[count];
        for (var i = 0; i < count; i++)
        {
            registers[i] = Number(pdu, 2 + (2 * i));
        }

        return registers;
    }

    /// <exception cref="ModbusException">The device refused.</exception>
    /// <exception cref="InvalidDataException">It answers something else.</exception>
    public static void CheckWriteResponse(ReadOnlySpan<byte> pdu, ushort address, int count)
    {
        CheckFunction(pdu, WriteMultipleRegisters);
        if (pdu.Length != 5 || Number(pdu, 1) != address || Number(pdu, 3) != count)
        {
            throw new InvalidDataException("The answer confirms other registers than those that were written.");
        }
    }

    private static byte[] Start(ushort transaction, byte unit, byte function, int dataLength)
    {
        var frame = new byte[HeaderLength + 1 + dataLength];
        BinaryPrimitives.WriteUInt16BigEndian(frame, transaction);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(4), (ushort)(2 + dataLength));
        frame[6] = unit;
        frame[7] = function;
        return frame;
    }

    private static void CheckFunction(ReadOnlySpan<byte> pdu, byte function)
    {
        if (pdu[0] == (function | ErrorFlag))
        {
            throw new ModbusException(function, pdu[1]);
        }

        if (pdu[0] != function)
        {
            throw new InvalidDataException($"The answer is of function {pdu[0]}, not {function}.");
        }
    }

    private static ushort Number(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
}
