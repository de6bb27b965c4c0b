using System.Net;
using System.Text;

namespace ClientFailover.HealthReceiver.Hosting;

/// <summary>Responsible for reaching a receiver without a network, so that no time passes by itself.</summary>
/// <param name="receiver">The receiver.</param>
/// <param name="access">Who may send; null: everybody.</param>
public sealed class ReceiverHandler(StrictReceiver receiver, IReceiverAccess? access = null) : HttpMessageHandler
{
    /// <summary>Whether a request waits for an answer that never comes.</summary>
    public bool IsHanging => receiver.Hanging > 0;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var content = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var headers = request.Headers.Concat(request.Content?.Headers ?? Enumerable.Empty<KeyValuePair<string, IEnumerable<string>>>())
            .ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        var reply = access?.Serve(request.RequestUri!.AbsolutePath, Encoding.UTF8.GetString(content));
        if (reply is null && access is not null && !access.Allows(headers.GetValueOrDefault("Authorization", "")))
        {
            reply = new OmfReply(401);
        }

        reply ??= await receiver.ReceiveAsync(new OmfPost(headers, content), cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return reply is null ? throw new HttpRequestException("The connection was cut.") : Write(reply);
    }

    private static HttpResponseMessage Write(OmfReply reply)
    {
        var response = new HttpResponseMessage((HttpStatusCode)reply.Status) { Content = new StringContent(reply.Body, Encoding.UTF8, "application/json") };
        if (reply.Headers?.GetValueOrDefault("Retry-After") is { } after)
        {
            response.Headers.TryAddWithoutValidation("Retry-After", after);
        }

        return response;
    }
}
