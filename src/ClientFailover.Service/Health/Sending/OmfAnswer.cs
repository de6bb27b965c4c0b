using System.Net.Http.Headers;
using System.Text.Json;

namespace ClientFailover.Service.Health.Sending;

/// <summary>What became of a request.</summary>
/// <param name="Codes">
/// HTTP status of the answer; of a good one of a PI Web API those of its parts instead. Empty: there was no answer.
/// </param>
/// <param name="Reason">What went wrong, for people, fit for the log.</param>
/// <param name="RetryAfter">How long the endpoint wants to be left alone; null: it does not say.</param>
internal sealed record OmfAnswer(IReadOnlyList<int> Codes, string Reason, TimeSpan? RetryAfter = null)
{
    /// <summary>There was no answer.</summary>
    /// <param name="reason">Why not.</param>
    public static OmfAnswer None(string reason) => new([], reason);

    /// <summary>Reads an answer.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="retryAfter">Its header.</param>
    /// <param name="body">Its body.</param>
    /// <param name="secrets">What must not be in the reason.</param>
    /// <param name="now">Now, UTC.</param>
    /// <returns>The answer.</returns>
    public static OmfAnswer Of(int status, RetryConditionHeaderValue? retryAfter, string body, IReadOnlyList<string> secrets, DateTimeOffset now)
    {
        var (codes, texts) = ReadParts(body);
        var isGood = status is >= 200 and < 300;
        var decisive = isGood && codes.Count > 0 ? codes : [status];
        var bad = decisive.Where(c => c is < 200 or > 299).Distinct().Order().ToList();
        var said = texts.Count > 0 ? string.Join("; ", texts.Distinct()) : body.Trim();
        var reason = $"it answers {string.Join(", ", bad.Count > 0 ? bad : [status])}{(said.Length == 0 ? "" : ": ")}{said}";
        return new OmfAnswer(decisive, Reasons.Clean(reason, secrets), retryAfter?.Delta ?? (retryAfter?.Date - now));
    }

    // PI Web API: Messages[].Status.Code, and why in Messages[].Events[].EventInfo.Message.
    private static (List<int> Codes, List<string> Texts) ReadParts(string body)
    {
        var (codes, texts) = (new List<int>(), new List<string>());
        if (body.AsSpan().TrimStart() is not ['{', ..])
        {
            return (codes, texts);
        }

        try
        {
            using var document = JsonDocument.Parse(body);
            foreach (var part in Items(document.RootElement, "Messages"))
            {
                if (Member(Member(part, "Status"), "Code") is { ValueKind: JsonValueKind.Number } code && code.TryGetInt32(out var number))
                {
                    codes.Add(number);
                }

                texts.AddRange(Items(part, "Events")
                    .Select(e => Member(Member(e, "EventInfo"), "Message"))
                    .Where(m => m.ValueKind == JsonValueKind.String)
                    .Select(m => m.GetString()!));
            }
        }
        catch (JsonException)
        {
            // A body of another form says nothing about the parts.
        }

        return (codes, texts);
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement owner, string name) =>
        Member(owner, name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : default;

    private static JsonElement Member(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var member) ? member : default;
}
