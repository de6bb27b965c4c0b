namespace ClientFailover.Samples.Modbus.Protocol;

/// <summary>The device refused a request.</summary>
public sealed class ModbusException : Exception
{
    /// <summary>Creates it.</summary>
    /// <param name="function">The function that was refused.</param>
    /// <param name="code">The exception code, 1 to 11 by the specification.</param>
    public ModbusException(byte function, byte code)
        : base($"The device refused function {function}: {Describe(code)}.")
    {
        Code = code;
    }

    /// <summary>The exception code: 1 illegal function, 2 illegal address, 3 illegal value, 4 device failure, 6 device busy ...</summary>
    public byte Code { get; }

    private static string Describe(byte code) => code switch
    {
        1 => "illegal function",
        2 => "illegal data address",
        3 => "illegal data value",
        4 => "device failure",
        5 => "acknowledged, not finished",
        6 => "device busy",
        8 => "memory parity error",
        10 => "gateway path unavailable",
        11 => "gateway target does not answer",
        _ => $"exception {code}",
    };
}
