using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace ClientFailover.Client.Connection.Rest;

/// <summary>Responsible for the calls of an adapter in the field, one by one.</summary>
internal sealed class RestApi : IDisposable
{
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(30);

    private readonly HttpClient _client;
    private readonly Endpoint _endpoint;
    private readonly JoinRequest _request;
    private readonly TimeProvider _time;
    private readonly string _group;
    private readonly string _session;
    private TimeSpan _failoverTimeout;
    private bool _wasAnswered;

    /// <summary>Prepares the calls; none is made yet.</summary>
    /// <param name="handler">The connection, owned from now on.</param>
    /// <param name="endpoint">Where the service is.</param>
    /// <param name="request">Who calls.</param>
    /// <param name="time">The clock.</param>
    public RestApi(HttpMessageHandler handler, Endpoint endpoint, JoinRequest request, TimeProvider time)
    {
        _client = new HttpClient(handler) { BaseAddress = endpoint.Rest, Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));

        // Services that guard against forged requests of browsers refuse writes without it.
        _client.DefaultRequestHeaders.Add("X-Requested-With", "ClientFailover");
        (_endpoint, _request, _time) = (endpoint, request, time);
        _group = $"groups/{Uri.EscapeDataString(request.GroupId)}";
        _session = $"{_group}/clientsessions/{Uri.EscapeDataString(request.SessionId)}";
        _failoverTimeout = request.KnownTimeout;
    }

    /// <summary>Registers group and session.</summary>
    /// <returns>The group's failover timeout.</returns>
    public async Task<TimeSpan> RegisterAsync(CancellationToken cancellation)
    {
        var timeout = _request.FailoverTimeout;
        using (var made = await SendAsync(HttpMethod.Post, "groups/", new GroupBody(_request.GroupId, timeout), cancellation).ConfigureAwait(false))
        {
            if (made.StatusCode == HttpStatusCode.Conflict)
            {
                // It exists with a timeout of its own, which is the one that counts.
                timeout = await FindGroupAsync(cancellation).ConfigureAwait(false)
                    ?? throw new LinkException(LinkFailure.Unreachable, $"Group '{_request.GroupId}' exists with another configuration, which cannot be read.");
            }
            else
            {
                await RestFailures.ThrowIfFailedAsync(made, _endpoint, cancellation).ConfigureAwait(false);
                timeout = (await ReadAsync<GroupBody>(made, cancellation).ConfigureAwait(false))?.FailoverTimeout ?? timeout;
            }
        }

        _failoverTimeout = timeout;
        using var registered = await SendAsync(
            HttpMethod.Post, $"{_group}/clientsessions", new SessionBody(_request.SessionId, _request.SessionName), cancellation).ConfigureAwait(false);
        await RestFailures.ThrowIfFailedAsync(registered, _endpoint, cancellation).ConfigureAwait(false);
        return timeout;
    }

    /// <summary>Reads the group.</summary>
    /// <returns>Its failover timeout; null: there is no such group.</returns>
    public async Task<TimeSpan?> FindGroupAsync(CancellationToken cancellation)
    {
        using var found = await SendAsync<object>(HttpMethod.Get, _group, null, cancellation).ConfigureAwait(false);
        if (found.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        await RestFailures.ThrowIfFailedAsync(found, _endpoint, cancellation).ConfigureAwait(false);
        var timeout = (await ReadAsync<GroupBody>(found, cancellation).ConfigureAwait(false))?.FailoverTimeout ?? _request.KnownTimeout;
        _failoverTimeout = timeout;
        return timeout;
    }

    /// <summary>Posts a heartbeat.</summary>
    /// <returns>The answer; null: the session is not known.</returns>
    public async Task<Told?> BeatAsync(Beat beat, CancellationToken cancellation)
    {
        using var response = await SendAsync(
            HttpMethod.Post,
            $"{_session}/heartbeat",
            new HeartbeatBody(beat.Report.FailoverScore, beat.Report.LastDataProcessedTime),
            cancellation).ConfigureAwait(false);
        switch (response.StatusCode)
        {
            case HttpStatusCode.NotFound:
                return null;
            case HttpStatusCode.TooManyRequests:
                return new Told.TooSoon(beat.Sequence, RestFailures.RetryAfter(response));
            case HttpStatusCode.BadRequest:
                return new Told.Invalid(beat.Sequence, await RestFailures.ExplainAsync(response, cancellation).ConfigureAwait(false));
            default:
                await RestFailures.ThrowIfFailedAsync(response, _endpoint, cancellation).ConfigureAwait(false);
                break;
        }

        var reply = await ReadAsync<ReplyBody>(response, cancellation).ConfigureAwait(false)
            ?? throw new LinkException(LinkFailure.Unreachable, "The answer to a heartbeat is empty.");
        return new Told.Reply(beat.Sequence, reply.Role, null, reply.LastDataProcessedTime);
    }

    /// <summary>Deletes the session.</summary>
    public async Task UnregisterAsync(CancellationToken cancellation)
    {
        using var gone = await SendAsync<object>(HttpMethod.Delete, _session, null, cancellation).ConfigureAwait(false);
        if (gone.StatusCode != HttpStatusCode.NotFound)
        {
            await RestFailures.ThrowIfFailedAsync(gone, _endpoint, cancellation).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> SendAsync<T>(HttpMethod method, string path, T? body, CancellationToken cancellation)
        where T : class
    {
        var longest = _wasAnswered ? CallPatience.ForNext(_failoverTimeout, LongestCall) : CallPatience.ForFirst(_failoverTimeout, 0.25, LongestCall);
        using var patience = new CancellationTokenSource(longest, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            // In memory, so that it can be sent again with a new token, and with a length: old proxies know no chunks.
            var bytes = JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), RestBodies.Options);
            request.Content = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        try
        {
            var response = await _client.SendAsync(request, HttpCompletionOption.ResponseContentRead, either.Token).ConfigureAwait(false);
            _wasAnswered = true;
            return response;
        }
        catch (Exception e) when (e is HttpRequestException or SocketException)
        {
            // A handler in between may let through what its socket says.
            throw RestFailures.Of(e, _endpoint);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new LinkException(LinkFailure.Unreachable, $"{_endpoint} did not answer within {longest.TotalSeconds:0.##} s.", e);
        }
    }

    private static async Task<T?> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return response.Content.Headers.ContentLength == 0
                ? null
                : await response.Content.ReadFromJsonAsync<T>(RestBodies.Options, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or FormatException)
        {
            throw new LinkException(
                LinkFailure.Unreachable, $"{response.RequestMessage?.RequestUri} answered with something that is no JSON of the API: {e.Message}", e);
        }
    }
}
