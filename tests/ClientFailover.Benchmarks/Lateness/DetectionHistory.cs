using System.Globalization;
using System.Text.Json;
using ClientFailover.Benchmarks.Processes;

namespace ClientFailover.Benchmarks.Lateness;

/// <summary>Reads from the service's own history when it decided, and how long it then took to assign the role.</summary>
internal static class DetectionHistory
{
    private const string TimedOut = "PrimaryTimedOut";

    /// <summary>Reads the unplanned promotions of some groups.</summary>
    /// <param name="server">The service.</param>
    /// <param name="groupIds">The groups.</param>
    /// <returns>For each promotion: silence of the lost Primary until the decision; decision until the assignment.</returns>
    public static async Task<IReadOnlyList<Promotion>> ReadAsync(ServerAddress server, IEnumerable<string> groupIds)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://{server.Rest}") };
        client.DefaultRequestHeaders.Add("Authorization", server.Authorization);
        var promotions = new List<Promotion>();
        foreach (var groupId in groupIds)
        {
            using var events = JsonDocument.Parse(await client.GetStringAsync(new Uri($"api/v1/clientfailover/groups/{groupId}/events", UriKind.Relative)));
            promotions.AddRange(events.RootElement.EnumerateArray()
                .Where(e => e.GetProperty("Reason").GetString() == TimedOut && e.TryGetProperty("DetectionTime", out _))
                .Select(e => new Promotion(Time(e, "DetectionTime"), Time(e, "TakeoverTime"))));
        }

        return promotions;
    }

    private static TimeSpan Time(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? TimeSpan.ParseExact(value.GetString()!, "c", CultureInfo.InvariantCulture) : TimeSpan.Zero;
}

/// <summary>An unplanned promotion, by the service's own account.</summary>
/// <param name="Detection">Silence of the lost Primary until its loss was decided.</param>
/// <param name="Takeover">Time from the decision to the assignment.</param>
internal sealed record Promotion(TimeSpan Detection, TimeSpan Takeover);
