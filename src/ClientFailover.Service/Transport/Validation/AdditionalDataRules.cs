using System.Text;
using ClientFailover.Service.Transport.Rest.Json;
using Google.Protobuf.WellKnownTypes;

namespace ClientFailover.Service.Transport.Validation;

/// <summary>What may be kept with a group or session.</summary>
internal static class AdditionalDataRules
{
    /// <summary>The greatest size, in bytes of compact JSON.</summary>
    public const int MaximumBytes = 16 * 1024;

    /// <summary>
    /// The deepest nesting. Each level of JSON is three of protobuf, whose readers stop at 100: what REST accepts
    /// must be readable for a gRPC client, inside of a watch message too.
    /// </summary>
    public const int MaximumDepth = 30;

    private const string Member = "AdditionalData";

    /// <summary>Checks additional data and makes text of it.</summary>
    /// <param name="violations">Takes what is wrong.</param>
    /// <param name="data">The data; null when absent.</param>
    /// <param name="field">Its path in the gRPC request.</param>
    /// <returns>Compact JSON; null when it is absent or not valid.</returns>
    public static string? Read(ref Violations violations, Struct? data, string field)
    {
        if (data is null)
        {
            return null;
        }

        if (FindFault(data) is { } fault)
        {
            violations.Add(Member, field, fault);
            return null;
        }

        var text = StructJson.ToText(data);
        if (Encoding.UTF8.GetByteCount(text) > MaximumBytes)
        {
            violations.Add(Member, field, "must be at most 16 KiB of JSON");
            return null;
        }

        return text;
    }

    private static string? FindFault(Struct data, int depth = 1)
    {
        if (depth > MaximumDepth)
        {
            return $"must not nest deeper than {MaximumDepth} levels";
        }

        foreach (var (name, value) in data.Fields)
        {
            if (name.Length == 0)
            {
                return "must not have a member with an empty name";
            }

            if (!TextRules.IsWellFormed(name))
            {
                return "must be well-formed text throughout";
            }

            if (FindFault(value, depth) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private static string? FindFault(Value value, int depth) => value.KindCase switch
    {
        Value.KindOneofCase.NumberValue => double.IsFinite(value.NumberValue) ? null : "must have finite numbers",
        Value.KindOneofCase.StringValue => TextRules.IsWellFormed(value.StringValue) ? null : "must be well-formed text throughout",
        Value.KindOneofCase.StructValue => FindFault(value.StructValue, depth + 1),
        Value.KindOneofCase.ListValue => FindFault(value.ListValue, depth + 1),
        Value.KindOneofCase.None => "must not have members without a value",
        _ => null,
    };

    private static string? FindFault(ListValue list, int depth)
    {
        if (depth > MaximumDepth)
        {
            return $"must not nest deeper than {MaximumDepth} levels";
        }

        foreach (var value in list.Values)
        {
            if (FindFault(value, depth) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }
}
