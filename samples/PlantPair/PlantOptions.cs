using System.Globalization;

namespace ClientFailover.Samples.PlantPair;

/// <summary>What the user asked the demo for.</summary>
internal sealed record PlantOptions(TimeSpan Duration, TimeSpan FailoverTimeout, int Signals, string Transport)
{
    public const string Usage = """
        A plant on one machine: a broker, a Modbus device, signals at 100 Hz, the failover service, an OMF receiver, two MQTT and
        two Modbus adapters. The Primary of each pair is killed; what was lost and sent twice is counted.

          --seconds <n>            How long all run before and after the kills. Default 10.
          --failover-timeout <n>   Silence in seconds after which an adapter counts as lost. Default 2.
          --signals <n>            Signals of each kind, 1 to 59. Default 4.
          --transport <t>          Stream, Rest or Auto. Default Auto.
          --help                   This text.

        Needs mosquitto and pymodbus: apt-get install mosquitto python3-pymodbus python3-serial-asyncio

        Exit code: 0 nothing was lost, 1 values were lost or nobody took over, 2 the demo could not run.
        """;

    /// <exception cref="FormatException">The arguments are not as <see cref="Usage"/> says.</exception>
    public static PlantOptions Parse(string[] arguments)
    {
        var options = new PlantOptions(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(2), 4, "Auto");
        foreach (var pair in arguments.Chunk(2))
        {
            options = pair switch
            {
                ["--seconds", var text] => options with { Duration = TimeSpan.FromSeconds(Number(text)) },
                ["--failover-timeout", var text] => options with { FailoverTimeout = TimeSpan.FromSeconds(Number(text)) },
                ["--signals", var text] => options with { Signals = Math.Clamp((int)Number(text), 1, 59) },
                ["--transport", var text and ("Stream" or "Rest" or "Auto")] => options with { Transport = text },
                _ => throw new FormatException($"'{string.Join(' ', pair)}' is no option."),
            };
        }

        return options;
    }

    private static double Number(string text) => double.TryParse(text, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 86_400
        ? number
        : throw new FormatException($"'{text}' is no number of seconds or signals.");
}
