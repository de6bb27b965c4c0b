using System.Text.Json;

namespace ClientFailover.HealthReceiver;

/// <summary>The body of an answer of PI Web API: a code for each part, and what happened to it.</summary>
internal static class PiAnswer
{
    public static string Write(IReadOnlyList<int> codes, string? message) => JsonSerializer.Serialize(new
    {
        OperationId = Guid.NewGuid(),
        Messages = codes.Select((code, index) => new
        {
            MessageIndex = index,
            Events = code < 300 || message is null ? [] : new[] { new { EventInfo = new { Message = message, Reason = (string?)null, Suggestions = Array.Empty<string>(), EventCode = 5000 }, Severity = "Error", InnerEvents = Array.Empty<object>() } },
            Status = new { Code = code, HighestSeverity = code < 300 ? "Normal" : "Error" },
        }),
    });
}
