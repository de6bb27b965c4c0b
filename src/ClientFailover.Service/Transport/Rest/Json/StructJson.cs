using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;

namespace ClientFailover.Service.Transport.Rest.Json;

/// <summary>Responsible for additional data between its three forms: JSON on the wire, protobuf, and compact text in the engine.</summary>
internal static class StructJson
{
    private const string Member = "AdditionalData";
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Makes compact text.</summary>
    /// <param name="data">The data, with finite numbers and well-formed text.</param>
    /// <returns>JSON.</returns>
    public static string ToText(Struct data)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Compact))
        {
            Write(writer, data);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads the text that <see cref="ToText"/> made.</summary>
    /// <param name="text">JSON.</param>
    /// <returns>The data.</returns>
    public static Struct FromText(string text)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
        reader.Read();
        return Read(ref reader, Member);
    }

    /// <summary>Reads an object.</summary>
    /// <param name="reader">At its start; left at its end.</param>
    /// <param name="member">The member that it is, for the text of a refusal.</param>
    /// <returns>The data.</returns>
    /// <exception cref="MemberException">It is no object, or one that could not be written again.</exception>
    public static Struct Read(ref Utf8JsonReader reader, string member)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new MemberException(member, "must be a JSON object");
        }

        var data = new Struct();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = TextConverter.Read(ref reader, member);
            if (name.Length == 0)
            {
                throw new MemberException(member, "must not have a member with an empty name");
            }

            reader.Read();
            if (!data.Fields.TryAdd(name, ReadValue(ref reader, member)))
            {
                throw new MemberException(member, "must not have two members of one name in an object");
            }
        }

        return data;
    }

    /// <summary>Writes an object.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="data">The data.</param>
    public static void Write(Utf8JsonWriter writer, Struct data)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in data.Fields)
        {
            writer.WritePropertyName(name);
            Write(writer, value);
        }

        writer.WriteEndObject();
    }

    private static Value ReadValue(ref Utf8JsonReader reader, string member)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return Value.ForStruct(Read(ref reader, member));
            case JsonTokenType.StartArray:
                var list = new ListValue();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    list.Values.Add(ReadValue(ref reader, member));
                }

                return new Value { ListValue = list };
            case JsonTokenType.String:
                return Value.ForString(TextConverter.Read(ref reader, member));
            case JsonTokenType.Number:
                return reader.TryGetDouble(out var number) && double.IsFinite(number)
                    ? Value.ForNumber(number)
                    : throw new MemberException(member, "must have numbers that a double can hold");
            case JsonTokenType.True:
                return Value.ForBool(true);
            case JsonTokenType.False:
                return Value.ForBool(false);
            default:
                return Value.ForNull();
        }
    }

    private static void Write(Utf8JsonWriter writer, Value value)
    {
        switch (value.KindCase)
        {
            case Value.KindOneofCase.StructValue:
                Write(writer, value.StructValue);
                break;
            case Value.KindOneofCase.ListValue:
                writer.WriteStartArray();
                foreach (var item in value.ListValue.Values)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case Value.KindOneofCase.StringValue:
                writer.WriteStringValue(value.StringValue);
                break;
            case Value.KindOneofCase.NumberValue:
                writer.WriteNumberValue(value.NumberValue);
                break;
            case Value.KindOneofCase.BoolValue:
                writer.WriteBooleanValue(value.BoolValue);
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }
}
