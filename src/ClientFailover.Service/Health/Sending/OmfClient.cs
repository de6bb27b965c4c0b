using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ClientFailover.Service.Health.Access;
using ClientFailover.Service.Health.Omf;

namespace ClientFailover.Service.Health.Sending;

/// <summary>Responsible for one request to one endpoint. Whatever the endpoint does, what comes back is an answer. For one request at a time.</summary>
internal sealed partial class OmfClient : IDisposable
{
    /// <summary>How long a request may take, the token that it needs included.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // What is read of an answer: the reasons of a PI Web API are a few KiB.
    private const int LargestAnswer = 256 * 1024;

    private readonly HttpClient _http;
    private readonly Uri _address;
    private readonly IEndpointAccess _access;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    /// <summary>A client of an endpoint.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="handler">The connections; disposed of with this.</param>
    /// <param name="access">What it asks for.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The log.</param>
    public OmfClient(Uri address, HttpMessageHandler handler, IEndpointAccess access, TimeProvider time, ILogger log)
    {
        (_address, _access, _time, _log) = (address, access, time, log);
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LargestAnswer };
    }

    /// <summary>Sends a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellation">Ends the sending.</param>
    /// <returns>What became of it.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was.</exception>
    public async Task<OmfAnswer> PostAsync(OmfMessage message, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        if (_log.IsEnabled(LogLevel.Trace))
        {
            LogBody(Reasons.Show(_address), message.MessageType, message.Action, Encoding.UTF8.GetString(message.Body));
        }

        try
        {
            var answer = await TryAsync(message, either.Token).ConfigureAwait(false);
            return answer.Codes is [(int)HttpStatusCode.Unauthorized] && _access.Renew()
                ? await TryAsync(message, either.Token).ConfigureAwait(false)
                : answer;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return OmfAnswer.None($"it did not answer within {Patience.TotalSeconds:0} seconds");
        }
        catch (AccessException e)
        {
            return OmfAnswer.None(e.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever an endpoint or the way to it can come up with: a name that does not exist, a certificate, a header that is none.
            return OmfAnswer.None(Reasons.Clean(Innermost(e).Message.TrimEnd('.'), []));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static Exception Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception;
    }

    private async Task<OmfAnswer> TryAsync(OmfMessage message, CancellationToken cancellation)
    {
        var access = await _access.AuthorizeAsync(_http, cancellation).ConfigureAwait(false);
        using var request = new HttpRequestMessage(HttpMethod.Post, _address);
        request.Content = new ByteArrayContent(message.Content) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        request.Headers.Authorization = access.Header;
        request.Headers.Add("messagetype", message.MessageType);
        request.Headers.Add("messageformat", "json");
        request.Headers.Add("omfversion", "1.2");
        request.Headers.Add("action", message.Action);
        if (message.IsCompressed)
        {
            request.Headers.Add("compression", "gzip");
        }

        // PI Web API refuses requests without it, to keep web pages of others out.
        request.Headers.Add("X-Requested-With", "XMLHttpRequest");
        using var response = await _http.SendAsync(request, cancellation).ConfigureAwait(false);

        // Not as text: whatever the endpoint says that its encoding is.
        var body = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false));
        return OmfAnswer.Of((int)response.StatusCode, response.Headers.RetryAfter, body, access.Secrets, _time.GetUtcNow());
    }

    [LoggerMessage(8020, LogLevel.Trace, "POST {Address}, messagetype {MessageType}, action {Action}: {Body}")]
    private partial void LogBody(string address, string messageType, string action, string body);
}
