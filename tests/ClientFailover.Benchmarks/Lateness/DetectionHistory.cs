using System.Globalization;
using System.Text.Json;
using ClientFailover.Benchmarks.Processes;

namespace ClientFailover.Benchmarks.Lateness;

/// <summary>Reads from the service's own history when it decided, and how long it then took to assign the role.</summary>
internal static class DetectionHistory
{
    private const string Detection = "DetectionTime";
    private const string Takeover = "TakeoverTime";

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

            // Only an unplanned promotion has both.
            promotions.AddRange(events.RootElement.EnumerateArray()
                .Where(e => e.TryGetProperty(Detection, out _) && e.TryGetProperty(Takeover, out _))
                .Select(e => new Promotion(Time(e, Detection), Time(e, Takeover))));
        }

        return promotions;
    }

    private static TimeSpan Time(JsonElement element, string name) =>
        TimeSpan.ParseExact(element.GetProperty(name).GetString()!, "c", CultureInfo.InvariantCulture);
}

/// <summary>An unplanned promotion, by the service's own account.</summary>
/// <param name="Detection">Silence of the lost Primary until its loss was decided.</param>
/// <param name="Takeover">Time from the decision to the assignment.</param>
internal sealed record Promotion(TimeSpan Detection, TimeSpan Takeover);
