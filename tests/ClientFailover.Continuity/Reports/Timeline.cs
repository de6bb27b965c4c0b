using System.Globalization;
using ClientFailover.Continuity.Plant;
using ClientFailover.Continuity.Processes;
using ClientFailover.Continuity.Runs;

namespace ClientFailover.Continuity.Reports;

/// <summary>
/// Responsible for the picture of a run: what was broken, whom the service took for Primary, what role each adapter had by
/// itself and when it sent how much, and for each stream what is missing.
/// </summary>
internal sealed class Timeline
{
    private const double Width = 1200;
    private const double Left = 150;
    private const double Right = 20;
    private const double LaneHeight = 46;

    private const string PrimaryColour = "#2f6fb5";
    private const string PendingColour = "#9dc3ea";
    private const string SecondaryColour = "#e3e6ea";
    private const string SentColour = "#2e9e5b";
    private const string AgainColour = "#e8a33d";
    private const string LostColour = "#d3202a";
    private const string NobodysColour = "#8a8f98";
    private const string BrokenColour = "#d3202a";

    private readonly Svg _svg = new(Width);
    private readonly RunResult _result;
    private readonly Recording _recording;
    private double _y;

    private Timeline(RunResult result, Recording recording)
    {
        _result = result;
        _recording = recording;
    }

    private double Scale => (Width - Left - Right) / (_recording.To - _recording.From).TotalSeconds;

    /// <summary>Draws a run.</summary>
    /// <returns>SVG; null: there is nothing to show.</returns>
    public static string? Draw(RunResult result) => result.Recording is { } recording ? new Timeline(result, recording).Draw() : null;

    private string Draw()
    {
        Heading();
        var top = _y;
        Broken();
        Service();
        foreach (var adapter in _recording.Adapters)
        {
            Adapter(adapter);
        }

        foreach (var stream in _recording.Streams)
        {
            Stream(stream);
        }

        Axis(top);
        Legend();
        return _svg.ToString(_y);
    }

    private void Heading()
    {
        var verdict = _result.IsGood ? "within bounds" : _result.BrokenBounds.Count > 0 ? string.Join("; ", _result.BrokenBounds) : "not judged";
        var counts = string.Create(
            CultureInfo.InvariantCulture,
            $"{_result.Lost} lost, {_result.Uncollected} that nobody had, {_result.Duplicates} twice, of {_result.Produced}; takeover {(_result.TakeoverSeconds is { } t ? $"{t:0.00} s" : "none")}: ");
        _svg.Text(12, 24, $"{_result.Fault}, {_result.Mode.ToLowerInvariant()}, {_result.Adapters}, failover timeout {_result.FailoverTimeout.ToString(CultureInfo.InvariantCulture)} s", 16, isBold: true);
        _svg.Text(12, 44, counts + verdict, 13, _result.IsGood ? "#222" : LostColour);
        _y = 58;
    }

    private void Broken()
    {
        _svg.Text(12, _y + 16, "fault");
        foreach (var broken in _recording.Broken)
        {
            var (from, width) = Place(broken.From, broken.To);
            _svg.Box(from, _y, width, 22, BrokenColour, broken.What, 0.85, least: 3);
            var fits = from + width + 6 + (broken.What.Length * 7) < Width;
            _svg.Text(fits ? from + Math.Max(3, width) + 5 : from - 5, _y + 16, broken.What, 12, BrokenColour, fits ? "start" : "end");
            _y += 26;
        }

        _y += _recording.Broken.Count == 0 ? 26 : 4;
    }

    private void Service()
    {
        _svg.Text(12, _y + 16, "service says");
        var promotions = _recording.Events.Where(e => e.NewRole == 1).ToArray();
        for (var i = 0; i < promotions.Length; i++)
        {
            var until = i + 1 < promotions.Length ? promotions[i + 1].Time : _recording.To.UtcDateTime;
            var (from, width) = Place(promotions[i].Time, until);
            if (width <= 0)
            {
                continue;
            }

            _svg.Box(from, _y, width - 1, 22, PrimaryColour, promotions[i].Reason);
            if (width > 60)
            {
                _svg.Text(from + 5, _y + 15, $"{promotions[i].SessionId}: {promotions[i].Reason}", 11, "#fff");
            }
        }

        _y += 34;
    }

    private void Adapter(AdapterRecord adapter)
    {
        _svg.Text(12, _y + 16, $"{adapter.Name}: {adapter.Kind.ToLowerInvariant()}", isBold: true);
        _svg.Text(12, _y + 34, "sends", 11, "#666");
        Roles(adapter);

        // The height is the root of the count: a replay must not hide the steady flow.
        var most = Math.Max(1, adapter.Sent.Select(sent => sent.New + sent.Again).DefaultIfEmpty().Max());
        foreach (var sent in adapter.Sent)
        {
            var (from, width) = Place(sent.Time, sent.Time + _recording.Piece);
            var all = 28 * Math.Sqrt((sent.New + sent.Again) / (double)most);
            var again = all * sent.Again / (sent.New + sent.Again);
            _svg.Box(from, _y + LaneHeight - all, width, all - again, SentColour);
            if (sent.Again > 0)
            {
                _svg.Box(from, _y + LaneHeight - again, width, again, AgainColour);
            }
        }

        _y += LaneHeight + 10;
    }

    private void Roles(AdapterRecord adapter)
    {
        var spans = new List<(DateTimeOffset From, DateTimeOffset To, string Role)>();
        foreach (var role in adapter.Roles)
        {
            var life = adapter.Lives.First(l => l.End == LifeEnd.None || role.Time <= l.EndTime);
            var until = life.End == LifeEnd.None ? _recording.To : life.EndTime;
            if (spans is [.., var last] && last.To > role.Time)
            {
                spans[^1] = last with { To = role.Time };
            }

            spans.Add((role.Time, until, role.Role));
        }

        foreach (var (begin, end, role) in spans)
        {
            var (from, width) = Place(begin, end);
            if (width > 0)
            {
                _svg.Box(from, _y, width, 12, role switch { "Primary" => PrimaryColour, "PendingPrimary" => PendingColour, _ => SecondaryColour }, role);
            }
        }
    }

    private void Stream(StreamRecord stream)
    {
        _svg.Text(12, _y + 11, stream.Name[(stream.Name.IndexOf(".source", StringComparison.Ordinal) + 1)..], 11);
        _svg.Box(Left, _y, Width - Left - Right, 12, "#d8efe1");
        Draw(stream.Again, AgainColour);
        Draw(stream.Uncollected, NobodysColour);
        Draw(stream.Lost, LostColour);
        _y += 18;

        void Draw(IEnumerable<Span> spans, string colour)
        {
            foreach (var span in spans)
            {
                var (from, width) = Place(span.From, span.To);
                _svg.Box(from, _y, width, 12, colour, $"{span.Values} values", least: 2);
            }
        }
    }

    private void Axis(double top)
    {
        var seconds = (_recording.To - _recording.From).TotalSeconds;
        var step = new[] { 1, 2, 5, 10, 20, 30, 60, 120 }.First(s => seconds / s < 25 || s == 120);
        for (var second = 0; second <= seconds; second += step)
        {
            var x = Left + (second * Scale);
            _svg.Line(x, top - 4, x, _y, "#000", 0.3, "2 3");
            _svg.Text(x, _y + 14, string.Create(CultureInfo.InvariantCulture, $"{second} s"), 11, "#444", "middle");
        }

        // Across all lanes, so that cause and effect can be seen together.
        foreach (var broken in _recording.Broken)
        {
            var (from, width) = Place(broken.From, broken.To);
            _svg.Box(from, top, width, _y - top, BrokenColour, opacity: 0.06);
        }

        _y += 28;
    }

    private void Legend()
    {
        var x = Left;
        foreach (var (colour, text) in ((string, string)[])
            [
                (PrimaryColour, "Primary"), (PendingColour, "PendingPrimary"), (SecondaryColour, "Secondary"), (SentColour, "sent"),
                (AgainColour, "sent twice"), (LostColour, "lost"), (NobodysColour, "collected by nobody who still runs"),
            ])
        {
            _svg.Box(x, _y - 8, 12, 12, colour);
            _svg.Text(x + 16, _y + 2, text, 11);
            x += 40 + (text.Length * 6.6);
        }

        _svg.Text(
            12, _y + 22,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Upper lanes: by the time of arrival, a bar each {_recording.Piece.TotalSeconds:0.#} s, its height the root of the count. Lower lanes: by the time of the value. {Signal.GroupRate} values/s."),
            11, "#666");
        _y += 34;
    }

    private (double From, double Width) Place(DateTimeOffset from, DateTimeOffset to)
    {
        var begin = Math.Clamp((from - _recording.From).TotalSeconds * Scale, 0, Width - Left - Right);
        var end = Math.Clamp((to - _recording.From).TotalSeconds * Scale, 0, Width - Left - Right);
        return (Left + begin, end - begin);
    }
}
