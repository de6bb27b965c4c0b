using System.Diagnostics.Metrics;
using ClientFailover.Service.Identity;

namespace ClientFailover.Service.Telemetry;

/// <summary>Responsible for counting requests that were refused for who sent them.</summary>
internal sealed class LogonMeter
{
    private static readonly string[] Schemes = [.. SchemeNames.All.Select(s => s.ToLowerInvariant()), "none"];

    private readonly long[] _failed = new long[Schemes.Length * Labels<Outcome>.All.Count];

    /// <summary>Makes the instrument.</summary>
    /// <param name="meter">The meter.</param>
    public LogonMeter(ServiceMeter meter) => meter.Count(Instruments.LogonsFailed, Measure);

    /// <summary>A request was refused.</summary>
    /// <param name="scheme">The scheme of its credentials; null: it had none, or none that is known.</param>
    /// <param name="status">The HTTP status that it was refused with.</param>
    public void Failed(string? scheme, int status)
    {
        var index = Array.FindIndex(Schemes, s => s.Equals(scheme, StringComparison.OrdinalIgnoreCase));
        var outcome = status switch
        {
            StatusCodes.Status429TooManyRequests => Outcome.Limited,
            StatusCodes.Status503ServiceUnavailable => Outcome.Unavailable,
            _ => Outcome.Refused,
        };
        var row = index < 0 ? Schemes.Length - 1 : index;
        Interlocked.Increment(ref _failed[(row * Labels<Outcome>.All.Count) + (int)outcome]);
    }

    private IEnumerable<Measurement<long>> Measure() => _failed.Select((_, i) => new Measurement<long>(
        Volatile.Read(ref _failed[i]),
        new KeyValuePair<string, object?>("scheme", Schemes[i / Labels<Outcome>.All.Count]),
        new KeyValuePair<string, object?>("outcome", Labels<Outcome>.All[i % Labels<Outcome>.All.Count])));

    /// <summary>Why a request was refused.</summary>
    private enum Outcome
    {
        /// <summary>The credentials are wrong, or there are none.</summary>
        Refused,

        /// <summary>Too many failed before.</summary>
        Limited,

        /// <summary>They cannot be judged at present.</summary>
        Unavailable,
    }
}
