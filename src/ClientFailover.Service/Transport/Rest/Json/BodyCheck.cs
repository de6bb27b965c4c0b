using System.Buffers;
using System.Text.Json;
using Google.Protobuf.Reflection;

namespace ClientFailover.Service.Transport.Rest.Json;

/// <summary>
/// Responsible for saying why a body cannot be read. Transcoding has one text for all of it, which names no cause and no
/// place; so a body is looked over before, which for a heartbeat is a matter of a few tokens.
/// </summary>
internal sealed class BodyCheck
{
    private const int DeepestLevel = 64;
    private const int MostMembers = 64;

    // Deeper than is allowed, so that what is too deep is seen and not an error of syntax.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = DeepestLevel + 1 };

    private readonly string[] _members;
    private readonly bool _takesOne;
    private readonly bool _takesMany;
    private readonly string _expected;

    /// <summary>Finds out which members count.</summary>
    /// <param name="field">The field of the request that a body is.</param>
    /// <param name="adds">Whether the call adds what the body has: then a list may be one object, too.</param>
    public BodyCheck(FieldDescriptor field, bool adds)
    {
        // The members of an array's objects are looked over with its document.
        _members = field.IsRepeated ? [] : [.. field.MessageType.Fields.InFieldNumberOrder().Select(f => f.JsonName)];
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_members.Length, MostMembers);
        (_takesOne, _takesMany) = (!field.IsRepeated || adds, field.IsRepeated);
        _expected = (_takesOne, _takesMany) switch
        {
            (true, true) => "a JSON object, or an array of them",
            (false, true) => "a JSON array",
            _ => "a JSON object",
        };
    }

    /// <summary>Looks a body over.</summary>
    /// <param name="body">All of it.</param>
    /// <returns>What is wrong, a sentence; null: nothing that concerns the form.</returns>
    public string? Find(ReadOnlySequence<byte> body)
    {
        var start = new SequenceReader<byte>(body);
        if (start.IsNext("\uFEFF"u8, advancePast: true))
        {
            body = start.UnreadSequence;
        }

        var reader = new Utf8JsonReader(body, Options);
        try
        {
            if (body.IsEmpty || !reader.Read())
            {
                return $"The body is empty; it must be {_expected}.";
            }

            return (reader.TokenType == JsonTokenType.StartObject && _takesOne) || (reader.TokenType == JsonTokenType.StartArray && _takesMany)
                ? FindInside(ref reader)
                : $"The body is {Name(reader.TokenType)}; it must be {_expected}.";
        }
        catch (JsonException e)
        {
            return $"The body is not well-formed JSON: line {(e.LineNumber ?? 0) + 1}, byte {(e.BytePositionInLine ?? 0) + 1}.";
        }
    }

    private static string Name(JsonTokenType token) => token switch
    {
        JsonTokenType.StartArray => "an array",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "a boolean",
    };

    private string? FindInside(ref Utf8JsonReader reader)
    {
        var seen = 0UL;
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && reader.CurrentDepth >= DeepestLevel)
            {
                return $"The body is nested deeper than {DeepestLevel} levels.";
            }

            if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && Find(ref reader) is >= 0 and var member)
            {
                var bit = 1UL << member;
                if ((seen & bit) != 0)
                {
                    return $"The body names the member {_members[member]} twice.";
                }

                seen |= bit;
            }
        }

        return null;
    }

    private int Find(ref Utf8JsonReader reader)
    {
        try
        {
            return FindText(ref reader);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, or bytes that are no UTF-8, and so no member of the contract: transcoding refuses it.
            return -1;
        }
    }

    private int FindText(ref Utf8JsonReader reader)
    {
        for (var i = 0; i < _members.Length; i++)
        {
            if (reader.ValueTextEquals(_members[i]))
            {
                return i;
            }
        }

        // In another case: rare enough to make a string of it.
        var length = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        if (length > 6 * MostMembers)
        {
            return -1;
        }

        var name = reader.GetString()!;
        return Array.FindIndex(_members, m => m.Equals(name, StringComparison.OrdinalIgnoreCase));
    }
}
