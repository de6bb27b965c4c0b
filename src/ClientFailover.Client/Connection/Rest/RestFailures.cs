using System.Net;
using System.Security.Authentication;
using System.Text.Json;

namespace ClientFailover.Client.Connection.Rest;

/// <summary>What the failure of a REST call means. The one table from HTTP's statuses to <see cref="LinkFailure"/>.</summary>
internal static class RestFailures
{
    private static readonly string[] ErrorMembers = ["Error", "Reason", "Resolution"];

    /// <summary>No answer.</summary>
    /// <param name="exception">What the call ended with.</param>
    /// <param name="endpoint">Where it went.</param>
    /// <returns>What it means.</returns>
    public static LinkException Of(Exception exception, Endpoint endpoint)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is LinkException known)
            {
                return known;
            }

            if (cause is AuthenticationException)
            {
                return new LinkException(LinkFailure.Unreachable, $"{endpoint}: {cause.Message} {TrustAdvice.Text}", exception);
            }
        }

        return new LinkException(LinkFailure.Unreachable, $"{endpoint}: {exception.Message}", exception);
    }

    /// <summary>An answer that is no success.</summary>
    public static async Task ThrowIfFailedAsync(HttpResponseMessage response, Endpoint endpoint, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        var failure = response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => LinkFailure.Unauthenticated,
            HttpStatusCode.Forbidden => LinkFailure.Denied,
            HttpStatusCode.NotFound => LinkFailure.SessionGone,
            HttpStatusCode.BadRequest or HttpStatusCode.Conflict or HttpStatusCode.MethodNotAllowed or HttpStatusCode.UnsupportedMediaType => LinkFailure.Refused,
            _ => LinkFailure.Unreachable,
        };
        var text = await ExplainAsync(response, cancellation).ConfigureAwait(false);
        throw new LinkException(failure, $"{endpoint}: {text}") { RetryAfter = RetryAfter(response) };
    }

    /// <summary>What the service said, or the status if it said nothing.</summary>
    public static async Task<string> ExplainAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var status = $"HTTP {(int)response.StatusCode} {response.ReasonPhrase}";
        try
        {
            using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false));
            var words = ErrorMembers
                .Select(n => body.RootElement.TryGetProperty(n, out var word) && word.ValueKind == JsonValueKind.String ? word.GetString() : null);
            var text = string.Join(' ', words.Where(w => !string.IsNullOrEmpty(w)));
            return text.Length == 0 ? status : $"{status}. {text}";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return status;
        }
    }

    /// <summary>When to call again.</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter?.Delta;
}
