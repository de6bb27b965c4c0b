using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using ClientFailover.V1;

namespace ClientFailover.Samples.AdapterPair.Adapters;

/// <summary>
/// Responsible for failover over REST, call by call as adapters in the field do it: nothing in here was
/// made for this service.
/// </summary>
internal sealed class RestAdapter(AdapterFacet facet, HotBuffer buffer, HttpClient http, Action<string> say) : IAdapter
{
    private const string Base = "/api/v1/clientfailover/";
    private const int MostConfirmations = 10;

    // All that this adapter collects is one signal, and it reads it.
    private const double Score = 100;

    // PascalCase, unlike what HTTP content defaults to, and a role may be a number or a name.
    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    private static readonly TimeSpan FirstInterval = TimeSpan.FromSeconds(1);

    private readonly string _session =
        $"{Base}groups/{facet.FailoverGroupId}/clientsessions/{facet.SessionId}";

    private TimeSpan _failoverTimeout = facet.FailoverTimeout;
    private string? _trouble;

    public async Task RunAsync(CancellationToken stop)
    {
        await TakePartAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var leaving = new CancellationTokenSource(IAdapter.LeaveTimeout);
        await TryAsync(LeaveAsync, leaving.Token);
    }

    private async Task TakePartAsync(CancellationToken stop)
    {
        // An adapter that could not register heartbeats all the same: the answer is 404, and it registers then.
        await TryAsync(RegisterAsync, stop);
        await TryAsync(HeartbeatAsync, stop);
        await Task.Delay(FirstInterval, stop);
        await TryAsync(HeartbeatAsync, stop);
        using var timer = new PeriodicTimer(_failoverTimeout / 2);
        while (await timer.WaitForNextTickAsync(stop))
        {
            await TryAsync(HeartbeatAsync, stop);
        }
    }

    private async Task RegisterAsync(CancellationToken stop)
    {
        using var group = await http.PostAsJsonAsync(
            $"{Base}groups/", new RestGroup(facet.FailoverGroupId, facet.FailoverTimeout), Json, stop);
        if (group.StatusCode == HttpStatusCode.Conflict)
        {
            // The group exists with another timeout, and that one counts.
            var existing = await http.GetFromJsonAsync<RestGroup>($"{Base}groups/{facet.FailoverGroupId}", Json, stop);
            _failoverTimeout = existing!.FailoverTimeout;
        }
        else
        {
            group.EnsureSuccessStatusCode();
        }

        using var session = await http.PostAsJsonAsync(
            $"{Base}groups/{facet.FailoverGroupId}/clientsessions",
            new RestSession(facet.SessionId, facet.SessionName),
            Json,
            stop);
        session.EnsureSuccessStatusCode();
    }

    private async Task HeartbeatAsync(CancellationToken stop)
    {
        for (var beat = 0; beat <= MostConfirmations; beat++)
        {
            using var response = await http.PostAsJsonAsync(
                $"{_session}/heartbeat",
                new RestHeartbeat(Score, buffer.LastDataProcessed?.UtcDateTime ?? default),
                Json,
                stop);
            if (response.StatusCode == HttpStatusCode.NotFound)
            {
                // The service does not know this session: register it, and beat again when the next beat is due.
                await RegisterAsync(stop);
                return;
            }

            response.EnsureSuccessStatusCode();
            var reply = await response.Content.ReadFromJsonAsync<RestHeartbeatReply>(Json, stop);
            buffer.Assume(reply!.Role, reply.LastDataProcessedTime, _failoverTimeout / 2);
            if (reply.Role != Role.PendingPrimary)
            {
                return;
            }

            // Chosen: a heartbeat at once confirms it.
        }
    }

    private async Task LeaveAsync(CancellationToken cancellation)
    {
        using var response = await http.DeleteAsync(_session, cancellation);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>An adapter that gets no good answer says so once and keeps its role: duplicates rather than gaps.</summary>
    private async Task TryAsync(Func<CancellationToken, Task> call, CancellationToken stop)
    {
        try
        {
            await call(stop);
            _trouble = null;
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or OperationCanceledException)
        {
            if (!stop.IsCancellationRequested && _trouble != exception.Message)
            {
                _trouble = exception.Message;
                say($"keeps its role: {_trouble}");
            }
        }
    }
}
