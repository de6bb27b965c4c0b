using System.Diagnostics;
using System.Globalization;

namespace ClientFailover.Continuity.Processes;

/// <summary>
/// Responsible for no process outliving the bench, also when that is killed and processes are frozen: a shell that knows
/// them, and kills them when its input ends.
/// </summary>
internal static class Guard
{
    private const string Script = """
        trap '' INT TERM HUP
        ids=' '
        while read -r what id; do
          case $what in
            +) ids="$ids$id " ;;
            -) ids=$(printf '%s' "$ids" | sed "s/ $id / /") ;;
          esac
        done
        for id in $ids; do kill -9 "$id" 2> /dev/null; done
        """;

    private static readonly Lock Gate = new();

    private static readonly Lazy<StreamWriter> Input = new(() =>
        Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Script]) { RedirectStandardInput = true })!.StandardInput);

    /// <summary>Takes a process into its care.</summary>
    public static void Add(int process) => Tell('+', process);

    /// <summary>Lets go of a process that has ended.</summary>
    public static void Remove(int process) => Tell('-', process);

    private static void Tell(char what, int process)
    {
        lock (Gate)
        {
            Input.Value.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} {process}"));
            Input.Value.Flush();
        }
    }
}
