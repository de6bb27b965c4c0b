using System.Globalization;
using System.Text.Json;
using ClientFailover.Benchmarks.Processes;

namespace ClientFailover.Benchmarks.Lateness;

/// <summary>Reads from the service's own history when it decided.</summary>
internal sealed class DetectionHistory : IDisposable
{
    private const string Detection = "DetectionTime";
    private const string Takeover = "TakeoverTime";

    private readonly HttpClient _client;
    private readonly DateTime _from;
    private readonly DateTime _to;

    /// <summary>Makes it ready.</summary>
    /// <param name="server">The service.</param>
    /// <param name="from">Decisions before do not count.</param>
    /// <param name="to">Decisions after do not count: nobody beats while the history is read.</param>
    public DetectionHistory(ServerAddress server, DateTime from, DateTime to)
    {
        (_from, _to) = (from, to);
        _client = new HttpClient { BaseAddress = new Uri($"http://{server.Rest}") };
        _client.DefaultRequestHeaders.Add("Authorization", server.Authorization);
    }

    /// <summary>Reads the unplanned promotions of a group.</summary>
    /// <param name="groupId">The group.</param>
    /// <returns>For each promotion, newest first: silence of the lost Primary until the decision.</returns>
    public async Task<IReadOnlyList<TimeSpan>> ReadAsync(string groupId)
    {
        var uri = new Uri($"api/v1/clientfailover/groups/{groupId}/events", UriKind.Relative);
        using var events = JsonDocument.Parse(await _client.GetStringAsync(uri));

        // Only an unplanned promotion has both.
        return [.. events.RootElement.EnumerateArray()
            .Where(e => e.GetProperty("Time").GetDateTime() is var time && time >= _from && time <= _to)
            .Where(e => e.TryGetProperty(Detection, out _) && e.TryGetProperty(Takeover, out _))
            .Select(e => TimeSpan.ParseExact(e.GetProperty(Detection).GetString()!, "c", CultureInfo.InvariantCulture))];
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}
