namespace ClientFailover.Samples.Modbus;

/// <summary>The device, and what to read of it.</summary>
public sealed class ModbusOptions
{
    /// <summary>Name or address of the device.</summary>
    public string Host { get; set; } = "localhost";

    /// <summary>Its TCP port.</summary>
    public int Port { get; set; } = 502;

    /// <summary>The unit behind it.</summary>
    public byte Unit { get; set; } = 1;

    /// <summary>How many signals to read, the first of the device; 1 to 59.</summary>
    public int Signals { get; set; } = 4;

    /// <summary>Time between two polls; default 50 ms. Must stay well below what a ring holds (1.28 s at 100 Hz).</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long an answer is waited for; default 1 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>What the ids of the streams begin with; the number of the signal follows. The same on every adapter of the group.</summary>
    public string StreamPrefix { get; set; } = "modbus.S";
}
