using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ClientFailover.Service.Transport.Rest.Json;

/// <summary>Bends the JSON form of the contract's messages from protobuf's to the documented one.</summary>
internal static class ContractModifier
{
    // What is written even when it has its type's default value. All else is left out while unset or empty.
    private static readonly HashSet<string> AlwaysWritten = ["Role", "RoleOverride", "HeartbeatPosted", "AccessType", "AccessRights"];

    /// <summary>Modifies the form of one type.</summary>
    /// <param name="type">The type's form.</param>
    public static void Modify(JsonTypeInfo type)
    {
        if (type.Type == typeof(Google.Rpc.Status))
        {
            ErrorResponse.Shape(type);
        }
        else if (type.Kind == JsonTypeInfoKind.Object && type.Type.IsAssignableTo(typeof(IMessage)))
        {
            DropProtobufNames(type);
            foreach (var property in type.Properties)
            {
                property.CustomConverter = ConverterFor(property);
                SkipNull(property);
                LeaveOut(property);
            }
        }
    }

    // Transcoding also reads protobuf's own names. Without regard to case these collide with the documented ones.
    private static void DropProtobufNames(JsonTypeInfo type)
    {
        var descriptor = ((IMessage)Activator.CreateInstance(type.Type)!).Descriptor;
        var documented = descriptor.Fields.InFieldNumberOrder().Select(f => f.JsonName).ToHashSet();
        for (var i = type.Properties.Count - 1; i >= 0; i--)
        {
            if (!documented.Contains(type.Properties[i].Name))
            {
                type.Properties.RemoveAt(i);
            }
        }
    }

    // Converters are per member, so that a refusal can name the member. Transcoding has value types as nullable ones.
    private static JsonConverter? ConverterFor(JsonPropertyInfo property) => property.PropertyType switch
    {
        var t when t == typeof(string) => new TextConverter(property.Name),
        var t when t == typeof(float?) => new ScoreConverter(property.Name),
        var t when t == typeof(Duration) => new SpanConverter(property.Name, isConditional: property.Name == "ExpirationPeriod"),
        var t when t == typeof(Timestamp) => new TimeConverter(property.Name),
        var t when t == typeof(Struct) => new StructConverter(property.Name),
        var t when t == typeof(V1.Role?) => new EnumNumberConverter<V1.Role>(property.Name),
        var t when t == typeof(V1.RoleOverride?) => new EnumNumberConverter<V1.RoleOverride>(property.Name),
        var t when t == typeof(V1.TrusteeType?) => new EnumNumberConverter<V1.TrusteeType>(property.Name),
        var t when t == typeof(V1.AccessType?) => new EnumNumberConverter<V1.AccessType>(property.Name),
        var t when t == typeof(long?) => new IntegerConverter(property.Name),
        var t when t == typeof(V1.LogLevel?) => new EnumTextConverter<V1.LogLevel>(property.Name),
        var t when t == typeof(V1.Reason?) => new EnumTextConverter<V1.Reason>(property.Name),
        _ => property.CustomConverter,
    };

    // Null means absent, whatever the type; protobuf's setters would throw.
    private static void SkipNull(JsonPropertyInfo property)
    {
        if (property.Set is { } set)
        {
            property.Set = (message, value) =>
            {
                if (value is not null)
                {
                    set(message, value);
                }
            };
        }
    }

    private static void LeaveOut(JsonPropertyInfo property)
    {
        if (AlwaysWritten.Contains(property.Name))
        {
            property.ShouldSerialize = null;
        }
        else if (property.PropertyType == typeof(Struct) && property.ShouldSerialize is { } isSet)
        {
            property.ShouldSerialize = (message, value) => isSet(message, value) && value is Struct { Fields.Count: > 0 };
        }
    }
}
