namespace ClientFailover.Samples.AdapterPair.Demo;

/// <summary>Responsible for the line that shows the data flowing: who is Primary, and the last values in the destination.</summary>
internal sealed class StatusLine(GroupWatch watch, DestinationTail destination, Terminal terminal)
{
    private const string Bars = "▁▂▃▄▅▆▇█";
    private const int Values = 24;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Shows it until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (terminal.IsInteractive && await timer.WaitForNextTickAsync(cancellation))
            {
                var count = destination.Count;
                var last = destination.RowsFrom(Math.Max(0, count - Values));
                var load = last.Count == 0 ? "" : $", CPU {last[^1].Value,3:F0} %  {string.Concat(last.Select(Bar))}";
                terminal.Status($"          {watch.Summary}: {count} samples{load}");
            }
        }
        finally
        {
            terminal.Status("");
        }
    }

    private static char Bar(DestinationRow row) => Bars[Math.Clamp((int)(row.Value / 100 * Bars.Length), 0, Bars.Length - 1)];
}
