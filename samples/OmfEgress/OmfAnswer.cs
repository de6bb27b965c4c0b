using System.Net;
using System.Text.Json;

namespace ClientFailover.Samples.Omf;

/// <summary>What the endpoint answered.</summary>
/// <param name="Status">Its status: that of the whole, or the worst of its parts.</param>
/// <param name="Reason">The beginning of its body.</param>
/// <param name="RetryAfter">How long it asks to be left alone; null: it does not.</param>
internal sealed record OmfAnswer(HttpStatusCode Status, string Reason, TimeSpan? RetryAfter)
{
    private const int LongestReason = 500;
    private const string PartStatus = "Status";

    public bool IsGood => (int)Status is >= 200 and < 300;

    /// <summary>
    /// Whether the same values would be refused again. A wrong password (401) or a missing right (403) is no fault of the values: they
    /// are kept until somebody mends it.
    /// </summary>
    public bool IsRefusalForGood => Status is HttpStatusCode.BadRequest or HttpStatusCode.Conflict or HttpStatusCode.RequestEntityTooLarge
        or HttpStatusCode.UnprocessableEntity or HttpStatusCode.NotImplemented;

    public static async Task<OmfAnswer> ReadAsync(HttpResponseMessage response, TimeProvider time, CancellationToken cancellation)
    {
        var body = await response.Content.ReadAsStringAsync(cancellation);
        var status = response.IsSuccessStatusCode ? WorstOf(body) ?? response.StatusCode : response.StatusCode;
        var retryAfter = status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable ? response.Headers.RetryAfter : null;
        return new OmfAnswer(
            status,
            body.Length > LongestReason ? body[..LongestReason] : body,
            retryAfter?.Delta ?? (retryAfter?.Date is { } date ? date - time.GetUtcNow() : null));
    }

    /// <summary>PI Web API answers 200 and puts the codes of the parts into its body.</summary>
    private static HttpStatusCode? WorstOf(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body.Length == 0 ? "null" : body);
            var worst = document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("Messages", out var messages)
                ? messages.EnumerateArray().Select(CodeOf).DefaultIfEmpty().Max()
                : 0;
            return worst >= 400 ? (HttpStatusCode)worst : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // A body of another form says nothing against a good status.
            return null;
        }
    }

    private static int CodeOf(JsonElement message) =>
        message.TryGetProperty(PartStatus, out var status) && status.TryGetProperty("Code", out var code) ? code.GetInt32() : 0;
}
