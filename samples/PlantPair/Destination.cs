using System.Globalization;
using System.Net;
using System.Net.Http.Json;

namespace ClientFailover.Samples.PlantPair;

/// <summary>What the receiver tells of a stream.</summary>
internal sealed record StreamState(string Stream, long Values, long Duplicates, long Conflicts, long? FirstSequence, long? LastSequence, long Missing);

/// <summary>The first message of a sender.</summary>
internal sealed record FirstMessage(DateTimeOffset Arrived);

/// <summary>Responsible for asking the receiver what has arrived.</summary>
internal sealed class Destination(Uri receiver) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private readonly HttpClient _client = new() { BaseAddress = receiver };

    public async Task<IReadOnlyList<StreamState>> StreamsAsync(CancellationToken cancellation) =>
        (await _client.GetFromJsonAsync<StreamState[]>("streams", cancellation))!;

    /// <summary>Waits for the first message of a sender.</summary>
    /// <returns>When it arrived.</returns>
    public async Task<DateTimeOffset> FirstOfAsync(string sender, DateTimeOffset after, CancellationToken cancellation)
    {
        var path = $"first?sender={sender}&after={Uri.EscapeDataString(after.ToString("O", CultureInfo.InvariantCulture))}";
        while (true)
        {
            using var response = await _client.GetAsync(path, cancellation);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                return (await response.Content.ReadFromJsonAsync<FirstMessage>(cancellation))!.Arrived;
            }

            await Task.Delay(Interval, cancellation);
        }
    }

    public void Dispose() => _client.Dispose();
}
