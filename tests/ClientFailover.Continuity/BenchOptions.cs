using System.Globalization;
using ClientFailover.Client;
using ClientFailover.Continuity.Adapters;
using ClientFailover.Continuity.Faults;
using ClientFailover.Continuity.Runs;

namespace ClientFailover.Continuity;

/// <summary>What is asked for on the command line.</summary>
internal sealed class BenchOptions
{
    public const string Usage = """
        Counts what adapters lose under faults.

          all                    everything
          quick                  a few runs with a failover timeout of 2 s
          field                  adapters of the field only: proves the bench
          run                    one run: --fault kill --mode hot --adapters stream-rest --timeout 2
          takeover               kill -9 of a Primary on a stream, again and again: --count 50

          --only TEXT            of these, only runs with the text in their names, such as kill.hot.stream; several separated by commas
          --parallel N           runs at once, default 4
          --repeat N             each run so often
          --sabotage             with adapters that are broken on purpose: must end in failure
          --keep                 keeps what processes wrote, though nothing is wrong
          --output FOLDER        default artifacts/continuity

        Exit code 0: all bounds kept; 1: one was broken, or a run could not be judged; 2: the command line is wrong.
        """;

    private readonly Dictionary<string, string> _values = [];

    private BenchOptions(string command) => Command = command;

    public string Command { get; }

    public int Parallel => int.Parse(_values.GetValueOrDefault("parallel", "4"), CultureInfo.InvariantCulture);

    public int Count => int.Parse(_values.GetValueOrDefault("count", "50"), CultureInfo.InvariantCulture);

    public int Repeat => int.Parse(_values.GetValueOrDefault("repeat", "1"), CultureInfo.InvariantCulture);

    public string[] Only => _values.GetValueOrDefault("only", "").Split(',');

    public string Output => _values.GetValueOrDefault("output", "artifacts/continuity");

    public bool IsSabotaged => _values.ContainsKey("sabotage");

    public bool Keeps => _values.ContainsKey("keep");

    /// <summary>The run that was described.</summary>
    public RunPlan Plan => new(
        Catalogue.Named(_values.GetValueOrDefault("fault", "kill")),
        Enum.Parse<FailoverMode>(_values.GetValueOrDefault("mode", "hot"), ignoreCase: true),
        Adapters(),
        TimeSpan.FromSeconds(double.Parse(_values.GetValueOrDefault("timeout", "2"), CultureInfo.InvariantCulture)));

    /// <summary>Reads the command line.</summary>
    /// <exception cref="ArgumentException">It is wrong.</exception>
    public static BenchOptions Parse(IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0)
        {
            throw new ArgumentException("What to do?");
        }

        var options = new BenchOptions(arguments[0]);
        for (var i = 1; i < arguments.Count; i++)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal))
            {
                throw new ArgumentException($"'{arguments[i]}' is not understood.");
            }

            var name = arguments[i][2..];
            options._values[name] = i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal) ? arguments[++i] : "";
        }

        return options;
    }

    private AdapterKind[] Adapters()
    {
        var text = _values.GetValueOrDefault("adapters") ?? _values.GetValueOrDefault("transport", "stream");
        AdapterKind[] kinds = [.. text.Split('-').Select(kind => Enum.Parse<AdapterKind>(kind, ignoreCase: true))];
        return kinds.Length > 1 ? kinds : [kinds[0], kinds[0]];
    }
}
