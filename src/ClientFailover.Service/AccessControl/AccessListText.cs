using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClientFailover.Service.AccessControl;

/// <summary>The form in which the store and the audit trail keep a list. Numbers, so that a name can change.</summary>
internal static class AccessListText
{
    private static readonly JsonSerializerOptions Options = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault };

    /// <summary>Writes a list.</summary>
    /// <param name="list">The list.</param>
    /// <returns>JSON.</returns>
    public static string Write(AccessList list) => JsonSerializer.Serialize(list.Entries, Options);

    /// <summary>Reads a list.</summary>
    /// <param name="text">What <see cref="Write"/> wrote.</param>
    /// <returns>The list.</returns>
    /// <exception cref="JsonException">It is none.</exception>
    public static AccessList Read(string text) => new(JsonSerializer.Deserialize<AccessEntry[]>(text, Options)!);
}
