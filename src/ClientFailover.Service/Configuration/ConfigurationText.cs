using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClientFailover.Service.Configuration;

/// <summary>The form in which the store keeps the configuration. Numbers for levels, so that a name can change.</summary>
internal static class ConfigurationText
{
    private static readonly JsonSerializerOptions Options = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new SecretConverter() },
    };

    /// <summary>Writes a configuration.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <returns>JSON; the secrets in it are encrypted.</returns>
    public static string Write(ServiceConfiguration configuration) =>
        JsonSerializer.Serialize(new Document([.. configuration.HealthEndpoints.Select(ToText)], configuration.Level), Options);

    /// <summary>Reads a configuration.</summary>
    /// <param name="text">What <see cref="Write"/> wrote.</param>
    /// <returns>The configuration.</returns>
    /// <exception cref="JsonException">It is none.</exception>
    public static ServiceConfiguration Read(string text)
    {
        var document = JsonSerializer.Deserialize<Document>(text, Options) ?? throw new JsonException("The configuration is null.");
        if (document.Level is { } level && !Enum.IsDefined(level))
        {
            throw new JsonException("The configuration has an unknown level of the log.");
        }

        return new ServiceConfiguration(document.Level, [.. document.HealthEndpoints.Select(FromText)]);
    }

    private static Entry ToText(HealthEndpoint e) =>
        new(e.Id, e.Endpoint, e.Username, e.Password, e.ClientId, e.ClientSecret, e.TokenEndpoint, e.ValidateEndpointCertificate);

    private static HealthEndpoint FromText(Entry e) =>
        new(e.Id, e.Endpoint, e.Username, e.Password, e.ClientId, e.ClientSecret, e.TokenEndpoint, e.ValidateEndpointCertificate);

    private sealed record Document(Entry[] HealthEndpoints, LogLevel? Level = null);

    // Of its own: what the service calls a member may change, what is on disks may not.
    private sealed record Entry(
        string Id,
        string Endpoint,
        string? Username = null,
        ProtectedSecret? Password = null,
        string? ClientId = null,
        ProtectedSecret? ClientSecret = null,
        string? TokenEndpoint = null,
        bool? ValidateEndpointCertificate = null);

    private sealed class SecretConverter : JsonConverter<ProtectedSecret>
    {
        public override ProtectedSecret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new JsonException("A secret is no text."));

        public override void Write(Utf8JsonWriter writer, ProtectedSecret value, JsonSerializerOptions options) => writer.WriteStringValue(value.Ciphertext);
    }
}
