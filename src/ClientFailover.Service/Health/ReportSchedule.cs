using ClientFailover.Service.Health.Omf;

namespace ClientFailover.Service.Health;

/// <summary>Responsible for when a report is due: at once, then each <see cref="OmfData.Interval"/>. Pure.</summary>
internal sealed class ReportSchedule
{
    private TimeSpan _due;

    /// <summary>Whether one is due; if so, the next is a minute after the time that this one was due at, however late it is.</summary>
    /// <param name="now">Time since the begin.</param>
    /// <returns>True: it is to be made now.</returns>
    public bool IsDue(TimeSpan now)
    {
        // The timer may be a little early; half a step is as near as it gets.
        if (now < _due - (HealthReporter.Step / 2))
        {
            return false;
        }

        // After a sleep of the machine there is one report, not one for each minute of it.
        _due = now - _due < OmfData.Interval ? _due + OmfData.Interval : now + OmfData.Interval;
        return true;
    }
}
