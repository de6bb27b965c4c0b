using System.Globalization;

namespace ClientFailover.Samples.AdapterPair.Demo;

/// <summary>What the user asked the demo for.</summary>
internal sealed record DemoOptions
{
    public const string Usage = """
        A service, two adapters that stand in for each other, and what happens when the Primary is killed.

          --seconds <n>            How long the adapters run before and after each kill. Default 4.
          --failover-timeout <t>   Silence after which an adapter counts as lost: seconds, or hh:mm:ss. Default 2.
          --help                   This text.

        Exit code: 0 no sample was lost, 1 samples were lost or no adapter took over, 2 the demo could not run.
        """;

    /// <summary>Below it, the load of an ordinary machine can look like the loss of an adapter.</summary>
    private static readonly TimeSpan ShortestFailoverTimeout = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the adapters run before and after each kill. Default 4 s.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Silence after which an adapter counts as lost. Default 2 s, 0.5 s at least.</summary>
    public TimeSpan FailoverTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether only <see cref="Usage"/> is asked for.</summary>
    public bool Help { get; init; }

    /// <exception cref="FormatException">The arguments are not as <see cref="Usage"/> says; the message says which.</exception>
    public static DemoOptions Parse(string[] arguments)
    {
        var options = new DemoOptions();
        var left = new Queue<string>(arguments);
        while (left.TryDequeue(out var option))
        {
            options = option switch
            {
                "--help" or "-h" => options with { Help = true },
                "--seconds" => options with { Duration = ParseTime(option, left) },
                "--failover-timeout" => options with { FailoverTimeout = ParseTime(option, left) },
                _ => throw new FormatException($"'{option}' is no option."),
            };
        }

        return options.FailoverTimeout >= ShortestFailoverTimeout
            ? options
            : throw new FormatException($"--failover-timeout is at least {ShortestFailoverTimeout.TotalSeconds} s.");
    }

    private static TimeSpan ParseTime(string option, Queue<string> left)
    {
        var text = left.TryDequeue(out var value) ? value : throw new FormatException($"{option} needs a value.");
        if (double.TryParse(text, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 86_400)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time > TimeSpan.Zero
            ? time
            : throw new FormatException($"{option} is a time, in seconds or as hh:mm:ss: '{text}' is not.");
    }
}
