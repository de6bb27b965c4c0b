using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClientFailover.Client.Connection.Rest;

/// <summary>Body of a group.</summary>
/// <param name="Id">Its id.</param>
/// <param name="FailoverTimeout">Its failover timeout, as <c>hh:mm:ss</c>.</param>
internal sealed record GroupBody(string? Id, TimeSpan? FailoverTimeout);

/// <summary>Body of a session.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name for people.</param>
internal sealed record SessionBody(string Id, string Name);

/// <summary>Body of a heartbeat.</summary>
/// <param name="FailoverScore">The score.</param>
/// <param name="LastDataProcessedTime">Always written; none is the first instant of year 1, without zone, as adapters in the field have it.</param>
internal sealed record HeartbeatBody(
    float FailoverScore,
    [property: JsonConverter(typeof(TimeJson)), JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? LastDataProcessedTime);

/// <summary>Body of the answer to a heartbeat.</summary>
/// <param name="Role">The role, as number or name.</param>
/// <param name="LastDataProcessedTime">The group's; absent, null or in year 1: none.</param>
internal sealed record ReplyBody(
    [property: JsonRequired] FailoverRole Role,
    [property: JsonConverter(typeof(TimeJson))] DateTimeOffset? LastDataProcessedTime);

/// <summary>How bodies are written and read.</summary>
internal static class RestBodies
{
    /// <summary>Names as documented; read in any case.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNameCaseInsensitive = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };
}

/// <summary>Responsible for times: UTC with Z and at most seven digits of a second.</summary>
internal sealed class TimeJson : JsonConverter<DateTimeOffset?>
{
    private const string None = "0001-01-01T00:00:00";

    /// <inheritdoc/>
    public override bool HandleNull => true;

    /// <inheritdoc/>
    public override DateTimeOffset? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        // A time without zone is UTC.
        var time = DateTimeOffset.Parse(
            reader.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
        return time.Year == 1 ? null : time;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset? value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value is { } time ? time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture) : None);
}
