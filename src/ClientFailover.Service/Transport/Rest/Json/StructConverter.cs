using System.Text.Json;
using System.Text.Json.Serialization;
using Google.Protobuf.WellKnownTypes;

namespace ClientFailover.Service.Transport.Rest.Json;

/// <summary>
/// Reads and writes additional data. In place of transcoding's own converter, which reads an empty member name and
/// then fails to write it, when the state has changed already.
/// </summary>
/// <param name="member">The member.</param>
internal sealed class StructConverter(string member) : JsonConverter<Struct>
{
    /// <inheritdoc/>
    public override Struct Read(ref Utf8JsonReader reader, System.Type typeToConvert, JsonSerializerOptions options) =>
        StructJson.Read(ref reader, member);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Struct value, JsonSerializerOptions options) => StructJson.Write(writer, value);
}
